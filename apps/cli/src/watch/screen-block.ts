/**
 * A block of lines at the end of what a terminal shows, drawn over itself again and again. One write a
 * drawing, so nothing flickers. It knows how many rows the last drawing takes after the terminal was made
 * narrower: terminals break long lines anew, and what stands there has to be found to be drawn over. What
 * was scrolled out of the screen by that is out of reach, and stays in what can be scrolled back to.
 */
export interface BlockLine {
  /** May hold escape sequences that take no columns. */
  readonly text: string;
  /** At most as many as the terminal has. */
  readonly columns: number;
}

/** Terminals that know it show the drawing all at once; others ignore it. */
const BEGIN = '\u001b[?2026h';
const END = '\u001b[?2026l';
const ERASE_LINE = '\u001b[2K';
const ERASE_BELOW = '\u001b[J';

export class ScreenBlock {
  readonly #write: (text: string) => void;
  /** Columns of each line that was drawn last; the cursor is below them. */
  #drawn: readonly number[] = [];
  #lastBody = '';

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** @param terminalColumns of the terminal as it is now */
  draw(lines: readonly BlockLine[], terminalColumns: number): void {
    // Erased before and not after its text: at the right edge that would take the last character away.
    const body = lines.map(({ text }) => `${ERASE_LINE}${text}\n`).join('');
    const up = this.#up(terminalColumns);
    if (body === this.#lastBody && up === lines.length) return;
    this.#write(BEGIN + backTo(up) + body + ERASE_BELOW + END);
    this.#drawn = lines.map(({ columns }) => columns);
    this.#lastBody = body;
  }

  /** Takes it away: what is written next stands where it began. */
  clear(terminalColumns: number): void {
    if (this.#drawn.length > 0) this.#write(backTo(this.#up(terminalColumns)) + ERASE_BELOW);
    this.#drawn = [];
    this.#lastBody = '';
  }

  /** Rows from the cursor to the first line. */
  #up(terminalColumns: number): number {
    const rowsOf = (columns: number): number => Math.max(1, Math.ceil(columns / terminalColumns));
    return this.#drawn.reduce((rows, columns) => rows + rowsOf(columns), 0);
  }
}

/** A terminal stops at its first row: lines that were scrolled out of it are gone from us. */
function backTo(rows: number): string {
  return rows === 0 ? '' : `\r\u001b[${rows}A`;
}
