/**
 * Takes the shell blocks of a document, so that a test runs what the reader is told to type and a
 * line that no longer works fails the build.
 */
const SHELL_BLOCK = /^```sh\n(.*?)^```$/gms;

/** @returns the first block that contains `part` */
export function documentedLines(markdown: string, part: string): string {
  for (const [, block = ''] of markdown.matchAll(SHELL_BLOCK)) {
    if (block.includes(part)) return block;
  }
  throw new Error(`no shell block of the document contains ${part}`);
}
