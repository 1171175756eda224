/**
 * The life of a service process: start, wait for a signal, stop cleanly. This is the only place
 * that ends the process, so every way out has one exit code.
 */
import { constants } from 'node:os';
import { EXIT_CONFIG, formatConfigError } from '../config/format-config-error.ts';
import { ConfigError } from '../errors.ts';
import { closeLogger } from '../logging/close-logger.ts';
import type { Logger } from '../logging/create-logger.ts';
import { escapeUnsafe } from '../logging/log-line.ts';
import { redactText } from '../logging/redaction.ts';
import { parseServiceArgs } from './service-args.ts';

/** Exit code of a service that could not start or not stop cleanly. */
export const EXIT_FAILED = 1;
/** Exit code after an error that nobody caught (EX_SOFTWARE of sysexits.h). */
export const EXIT_INTERNAL = 70;
/** A service that has not stopped by then is ended. */
export const SHUTDOWN_TIMEOUT_MS = 5_000;
/** By convention a process that a signal ended exits with 128 and the signal's number. */
const EXIT_SIGNAL_BASE = 128;
const STOP_SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** A service that is up. */
export interface RunningService {
  readonly logger: Logger;
  /** Stops taking work, ends connections, releases files. */
  close(): Promise<void>;
}

export interface ServiceProgram {
  /** Name on the command line, for example `gofd-server`. */
  readonly name: string;
  readonly start: (configFile: string) => Promise<RunningService>;
}

/** Runs the service that the command line of this process asks for. */
export async function runService({ name, start }: ServiceProgram): Promise<void> {
  const args = parseServiceArgs(process.argv.slice(2), name);
  if ('text' in args) {
    (args.exitCode === 0 ? process.stdout : process.stderr).write(`${args.text}\n`);
    process.exitCode = args.exitCode;
    return;
  }
  const life = new ServiceLife(name);
  life.watch();
  try {
    life.started(await start(args.configFile));
  } catch (error) {
    life.failedToStart(error);
  }
}

class ServiceLife {
  readonly #name: string;
  #service: RunningService | undefined;
  #isStopping = false;

  constructor(name: string) {
    this.#name = name;
  }

  watch(): void {
    for (const signal of STOP_SIGNALS) process.on(signal, () => void this.#stop(signal));
    process.on('uncaughtException', (error) => void this.#crash(error));
    process.on('unhandledRejection', (reason) => void this.#crash(reason));
    // The reader of our lines may leave before we do (`gofd-server | head`).
    process.stdout.on('error', () => undefined);
  }

  started(service: RunningService): void {
    this.#service = service;
  }

  failedToStart(error: unknown): void {
    if (error instanceof ConfigError) {
      process.stderr.write(`${redactText(formatConfigError(error))}\n`);
      process.exit(EXIT_CONFIG);
    }
    process.stderr.write(`${this.#name}: ${oneLine(error)}\n`);
    process.exit(EXIT_FAILED);
  }

  async #stop(signal: (typeof STOP_SIGNALS)[number]): Promise<void> {
    if (this.#isStopping) process.exit(EXIT_SIGNAL_BASE + constants.signals[signal]);
    this.#isStopping = true;
    const service = this.#service;
    if (!service) process.exit(0);
    service.logger.info('stopping', { signal });
    setTimeout(() => this.#stoppedTooLate(), SHUTDOWN_TIMEOUT_MS).unref();
    try {
      await service.close();
      service.logger.info('stopped');
      await closeLogger(service.logger);
      process.exit(0);
    } catch (error) {
      service.logger.error('did not stop cleanly', { error });
      await closeLogger(service.logger);
      process.exit(EXIT_FAILED);
    }
  }

  #stoppedTooLate(): void {
    process.stderr.write(`${this.#name}: not stopped within ${SHUTDOWN_TIMEOUT_MS} ms, ending\n`);
    process.exit(EXIT_FAILED);
  }

  async #crash(error: unknown): Promise<void> {
    const logger = this.#service?.logger;
    process.stderr.write(`${this.#name}: internal error: ${oneLine(error)}\n`);
    logger?.error('internal error, ending', { error });
    if (logger) await closeLogger(logger);
    process.exit(EXIT_INTERNAL);
  }
}

function oneLine(error: unknown): string {
  return escapeUnsafe(redactText(error instanceof Error ? error.message : String(error)));
}
