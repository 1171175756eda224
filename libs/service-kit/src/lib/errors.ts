/** What is wrong with one key of a configuration file. */
export interface ConfigProblem {
  /** Dotted key such as `net.mgntPort`; `file` or `yaml` where no key is to blame. */
  readonly key: string;
  /** Line of the file, from 1; absent where the problem has no place. */
  readonly line?: number;
  readonly message: string;
}

/** A configuration that cannot be used; holds every problem that was found. */
export class ConfigError extends Error {
  readonly code = 'CONFIG_INVALID';
  readonly file: string;
  readonly problems: readonly ConfigProblem[];

  constructor(file: string, problems: readonly ConfigProblem[]) {
    super(problems.map(({ key, message }) => `${key}: ${message}`).join('; '));
    this.name = 'ConfigError';
    this.file = file;
    this.problems = problems;
  }
}

export type ListenErrorCode =
  'LISTEN_PORT_IN_USE' | 'LISTEN_ADDRESS_NOT_HERE' | 'LISTEN_NOT_PERMITTED' | 'LISTEN_FAILED';

/** A port that cannot be opened; the message names address, port and configuration key. */
export class ListenError extends Error {
  readonly code: ListenErrorCode;

  constructor(code: ListenErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ListenError';
    this.code = code;
  }
}
