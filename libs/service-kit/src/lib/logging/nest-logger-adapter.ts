import type { LoggerService } from '@nestjs/common';
import type { Logger } from './create-logger.ts';
import type { LogLevel } from './log-destinations.ts';

/** Under this name Nest logs that a port cannot be had, and throws the same: that is told once, by us. */
const THROWN_TOO = 'NestApplication';

/**
 * Lets Nest log through winston: the last text of a call is Nest's context. What Nest says of its own
 * wiring is for its developers, so its `log` is our `debug`.
 */
export class NestLoggerAdapter implements LoggerService {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  log(message: unknown, ...details: unknown[]): void {
    this.#write('debug', message, details);
  }

  fatal(message: unknown, ...details: unknown[]): void {
    this.#write('error', message, details);
  }

  error(message: unknown, ...details: unknown[]): void {
    this.#write(details.at(-1) === THROWN_TOO ? 'debug' : 'error', message, details);
  }

  warn(message: unknown, ...details: unknown[]): void {
    this.#write('warn', message, details);
  }

  debug(message: unknown, ...details: unknown[]): void {
    this.#write('debug', message, details);
  }

  verbose(message: unknown, ...details: unknown[]): void {
    this.#write('silly', message, details);
  }

  #write(level: LogLevel, message: unknown, details: readonly unknown[]): void {
    const context = details.at(-1);
    const rest = typeof context === 'string' ? details.slice(0, -1) : details;
    this.#logger.log({
      level,
      message: message as string,
      ...(typeof context === 'string' ? { context } : {}),
      ...(rest.length > 0 ? { details: rest } : {}),
      ...(message instanceof Error ? { stack: message.stack } : {}),
    });
  }
}
