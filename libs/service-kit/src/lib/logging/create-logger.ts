/** Builds the winston logger of a process from its log configuration. */
import type { Writable } from 'node:stream';
import winston from 'winston';
import { currentRequestId } from '../http/request-id.ts';
import {
  DEFAULT_LOG_SETTINGS,
  LOG_LEVELS,
  type FileLogSettings,
  type LogSettings,
} from './log-destinations.ts';
import { formatJson, formatLine } from './log-line.ts';
import { readLogSettings } from './log-settings.ts';

export type Logger = winston.Logger;

/** Owner writes, group reads. */
const LOG_FILE_MODE = 0o640;
export interface LoggerOptions {
  /** Name of the service, in every line. */
  readonly name: string;
  /** Log configuration, YAML or seelog .xml. Without it: lines of level info on standard output. */
  readonly logFile?: string | undefined;
  /** Address of this host, in every line of format json: collectors mix the lines of a fleet. */
  readonly host?: string | undefined;
  /** @default process.stdout */
  readonly stdout?: Writable;
}

/** @throws ConfigError when the log configuration cannot be used */
export function createLogger(options: LoggerOptions): Logger {
  const { name, logFile, host, stdout = process.stdout } = options;
  const settings = logFile === undefined ? DEFAULT_LOG_SETTINGS : readLogSettings(logFile);
  const transports = transportsOf(settings, stdout);
  const logger = winston.createLogger({
    levels: Object.fromEntries(LOG_LEVELS.map((level, index) => [level, index])),
    level: LOG_LEVELS.at(-1) ?? 'silly',
    silent: transports.length === 0,
    format: eventFormat(name, settings.format),
    defaultMeta: standingFields(settings.format === 'json' ? host : undefined),
    transports,
  });
  // A full disk must not end the service: the line is lost, standard error says so.
  logger.on('error', (error: Error) => process.stderr.write(`log: ${error.message}\n`));
  if (settings.ignored.length > 0) {
    logger.warn('parts of the log configuration have no counterpart and are ignored', {
      file: logFile,
      ignored: settings.ignored.join(', '),
    });
  }
  return logger;
}

function transportsOf(settings: LogSettings, stdout: Writable): winston.transport[] {
  const { consoleLevel, files } = settings;
  const console = consoleLevel
    ? [new winston.transports.Stream({ stream: stdout, level: consoleLevel })]
    : [];
  return [...console, ...files.map(fileTransport)];
}

function fileTransport({
  path,
  level,
  maxSizeBytes,
  maxFiles,
}: FileLogSettings): winston.transport {
  return new winston.transports.File({
    filename: path,
    level,
    tailable: true,
    options: { flags: 'a', mode: LOG_FILE_MODE },
    ...(maxSizeBytes === undefined ? {} : { maxsize: maxSizeBytes }),
    ...(maxFiles === undefined ? {} : { maxFiles }),
  });
}

/** Read at the moment of the call: winston may write the line when another request is worked for. */
function standingFields(host: string | undefined) {
  return {
    ...(host !== undefined && { host }),
    get requestId() {
      return currentRequestId();
    },
  };
}

function eventFormat(name: string, kind: LogSettings['format']): winston.Logform.Format {
  const format = kind === 'json' ? formatJson : formatLine;
  return winston.format.printf(({ requestId, ...info }) =>
    format(name, new Date().toISOString(), { ...info, requestId }),
  );
}
