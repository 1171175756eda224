/**
 * Output as a document shows it. `…` in a line stands for anything in that line; a line that is `…`
 * and nothing else stands for any number of lines, none included. Everything else is meant literally.
 */
const ELISION = '…';
const ANY_LINES = '(?:.*\\n)*?';

/** @returns a pattern for the whole output, which ends with a line break unless it is empty */
export function outputPattern(expected: string): RegExp {
  const lines = expected.trimEnd().split('\n');
  return new RegExp(`^${lines.map(linePattern).join('')}$`, 'u');
}

function linePattern(line: string): string {
  if (line.trim() === ELISION) return ANY_LINES;
  return `${line.split(ELISION).map(escaped).join('.*')}\\n`;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
