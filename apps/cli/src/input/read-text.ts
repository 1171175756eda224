/** Bounded reading of files and standard input as UTF-8. */
import { createReadStream } from 'node:fs';
import { CliError } from '../errors.ts';

/** @param option the option that names the file, for the error */
export async function readTextFile(
  path: string,
  option: string,
  maxBytes: number,
): Promise<string> {
  return readText(createReadStream(path), `${option} ${path}`, maxBytes);
}

export async function readStdin(what: string, maxBytes: number): Promise<string> {
  return readText(process.stdin, `standard input (${what})`, maxBytes);
}

async function readText(
  source: AsyncIterable<Buffer>,
  name: string,
  maxBytes: number,
): Promise<string> {
  const chunks: Buffer[] = [];
  let byteCount = 0;
  try {
    for await (const chunk of source) {
      byteCount += chunk.length;
      if (byteCount > maxBytes) throw new CliError('config', `${name} is over ${maxBytes} bytes`);
      chunks.push(chunk);
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError('config', `${name} cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

function reasonOf(cause: unknown): string {
  if (cause instanceof TypeError) return 'it is not UTF-8 text';
  return cause instanceof Error ? cause.message : String(cause);
}
