/**
 * Text that is safe and sized for a terminal. What servers and agents say may hold escape
 * sequences; here they become visible characters and can neither colour nor move anything.
 */

/** Control and format characters, among them ESC, C1 and the bidirectional overrides. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;
const WIDE =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u;
const COMBINING = /\p{M}/u;

/** The text with every unprintable character written out, as `\u{1b}`. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);
}

/** Terminal columns that printable text takes. */
export function displayColumns(text: string): number {
  let columns = 0;
  for (const char of text) columns += charColumns(char);
  return columns;
}

function charColumns(char: string): number {
  if (COMBINING.test(char)) return 0;
  return WIDE.test(char) ? 2 : 1;
}

/** Cuts text to at most so many columns; a cut shows as the ellipsis. */
export function clipColumns(text: string, columns: number, ellipsis = '…'): string {
  if (displayColumns(text) <= columns) return text;
  const room = columns - displayColumns(ellipsis);
  if (room < 0) return '';
  let kept = '';
  let used = 0;
  for (const char of text) {
    used += charColumns(char);
    if (used > room) break;
    kept += char;
  }
  return kept + ellipsis;
}

export function padColumns(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayColumns(text)));
}
