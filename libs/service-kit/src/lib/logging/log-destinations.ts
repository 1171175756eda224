/** Where log lines go and from which level on. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug', 'silly'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface FileLogSettings {
  /** Absolute path. */
  readonly path: string;
  readonly level: LogLevel;
  /** A file that grows beyond this is rotated; absent: it grows. */
  readonly maxSizeBytes?: number;
  /** Rotated files that are kept. */
  readonly maxFiles?: number;
}

export interface LogSettings {
  readonly format: 'line' | 'json';
  /** Lowest level on standard output; absent: nothing is written there. */
  readonly consoleLevel?: LogLevel;
  readonly files: readonly FileLogSettings[];
  /** What of a seelog file was not understood; to be warned about once. */
  readonly ignored: readonly string[];
}

export const DEFAULT_LOG_SETTINGS: LogSettings = {
  format: 'line',
  consoleLevel: 'info',
  files: [],
  ignored: [],
};
