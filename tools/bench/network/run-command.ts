/** Short commands that must succeed (ip, tc, version questions): their output, or why not. */
import { execFile } from 'node:child_process';

/** A command of the set-up that takes longer hangs, ms. */
const COMMAND_TIMEOUT_MS = 30_000;

/**
 * @returns what it wrote on standard output
 * @throws Error with the command and its own words
 */
export function runCommand(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { timeout: COMMAND_TIMEOUT_MS }, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      const why = stderr.trim() || error.message;
      return reject(new Error(`${[command, ...args].join(' ')}: ${why}`, { cause: error }));
    });
  });
}
