import { Writable } from 'node:stream';
import { createLogger, type Logger } from '../src/lib/logging/create-logger.ts';

/** A logger whose lines stay here instead of going to standard output. */
export function aCapturedLog(logFile?: string): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  const stdout = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  return { logger: createLogger({ name: 'test', logFile, stdout }), lines };
}
