import type { Logger } from './create-logger.ts';

/** A disk that does not answer holds up a shutdown for this long at most. */
export const FLUSH_TIMEOUT_MS = 2_000;

/** Ends the logger; resolves when every line is written, at the latest after FLUSH_TIMEOUT_MS. */
export function closeLogger(logger: Logger): Promise<void> {
  return new Promise((resolve) => {
    const deadline = setTimeout(resolve, FLUSH_TIMEOUT_MS);
    logger.once('finish', () => {
      clearTimeout(deadline);
      resolve();
    });
    logger.end();
  });
}
