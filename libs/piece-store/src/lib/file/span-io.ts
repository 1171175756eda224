/** Whole reads and writes of file spans: short ones are continued, the end of a file is an error. */
import fs from 'node:fs';
import { promisify } from 'node:util';
import type { FileSpan } from '../layout/file-spans.ts';

const readFile = promisify(fs.read);
const writeFile = promisify(fs.write);

/** @returns false when the file ends before the span does */
export async function readSpan(
  descriptor: number,
  span: FileSpan,
  buffer: Buffer,
): Promise<boolean> {
  let done = 0;
  while (done < span.length) {
    const at = span.bufferOffset + done;
    const rest = span.length - done;
    const { bytesRead } = await readFile(descriptor, buffer, at, rest, span.fileOffset + done);
    if (bytesRead === 0) return false;
    done += bytesRead;
  }
  return true;
}

export async function writeSpan(descriptor: number, span: FileSpan, buffer: Buffer): Promise<void> {
  let done = 0;
  while (done < span.length) {
    const at = span.bufferOffset + done;
    const rest = span.length - done;
    const { bytesWritten } = await writeFile(descriptor, buffer, at, rest, span.fileOffset + done);
    done += bytesWritten;
  }
}
