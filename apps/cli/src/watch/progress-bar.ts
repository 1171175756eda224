/** A bar of three parts: delivered, still to come, and (at the right end) lost with failed hosts. */
export interface Glyphs {
  readonly done: string;
  readonly left: string;
  readonly lost: string;
  readonly ellipsis: string;
}

export const UNICODE_GLYPHS: Glyphs = { done: '█', left: '░', lost: '×', ellipsis: '…' };
export const ASCII_GLYPHS: Glyphs = { done: '#', left: '.', lost: 'x', ellipsis: '...' };

/** Plain characters unless the locale says that the terminal takes UTF-8. */
export function glyphsFor(env: Readonly<Record<string, string | undefined>>): Glyphs {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return /utf-?8/i.test(locale) ? UNICODE_GLYPHS : ASCII_GLYPHS;
}

/**
 * @param doneShare 0..1; only all of it fills the bar
 * @param lostShare 0..1; any loss shows as at least one cell
 */
export function barOf(
  doneShare: number,
  lostShare: number,
  columns: number,
  glyphs: Glyphs,
): string {
  const lost = Math.min(columns, Math.ceil(lostShare * columns));
  const done = Math.min(columns - lost, Math.floor(doneShare * columns));
  const left = columns - lost - done;
  return glyphs.done.repeat(done) + glyphs.left.repeat(left) + glyphs.lost.repeat(lost);
}
