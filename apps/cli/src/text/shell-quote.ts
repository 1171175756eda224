const PLAIN_WORD = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** The word as a POSIX shell must be given it. */
export function shellQuote(word: string): string {
  return PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
