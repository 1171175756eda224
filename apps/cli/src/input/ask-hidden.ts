/** Asks for a secret on the terminal without showing it. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { CliError } from '../errors.ts';

/** @returns a question function, or undefined when standard input is no terminal */
export function hiddenPrompt(): ((question: string) => Promise<string>) | undefined {
  return process.stdin.isTTY ? askHidden : undefined;
}

/** The question goes to standard error: standard output belongs to the result. */
async function askHidden(question: string): Promise<string> {
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({
    input: process.stdin,
    output: nowhere,
    terminal: true,
    historySize: 0,
  });
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once('line', resolve);
      lines.once('SIGINT', () => reject(new CliError('interrupted', 'interrupted')));
      lines.once('close', () => reject(new CliError('interrupted', 'no answer')));
    });
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}
