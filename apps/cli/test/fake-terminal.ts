/**
 * As much of a terminal as the live view needs: rows that scroll, a cursor, erasing, and lines that are
 * broken anew when it is resized, as terminals do that reflow.
 */
interface Row {
  text: string;
  /** Goes on where the row before was full. */
  isContinued: boolean;
}

const TOKEN = /\u001b\[(?<number>\??[\d;]*)(?<letter>[A-Za-z])|\n|\r|[^\u001b\n\r]/gu;

export class FakeTerminal {
  columns: number;
  rows: number;
  #buffer: Row[] = [{ text: '', isContinued: false }];
  #row = 0;
  #column = 0;
  /** First row on the screen; what is above was scrolled out and stays as it is. */
  #top = 0;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
  }

  /** What is on the screen, without blank rows below. */
  get screen(): string[] {
    const lines = this.#buffer.slice(this.#top).map(({ text }) => text.trimEnd());
    while (lines.at(-1) === '') lines.pop();
    return lines;
  }

  write(text: string): void {
    for (const { 0: token, groups } of text.matchAll(TOKEN)) {
      if (groups?.['letter'] !== undefined) this.#control(groups['letter'], groups['number'] ?? '');
      else if (token === '\n') this.#down(false);
      else if (token === '\r') this.#column = 0;
      else this.#put(token);
    }
  }

  resize(columns: number, rows: number): void {
    const cursorLine = this.#lineOf(this.#row);
    const lines: string[] = [];
    for (const { text, isContinued } of this.#buffer) {
      if (isContinued) lines.push((lines.pop() ?? '') + text);
      else lines.push(text);
    }
    this.columns = columns;
    this.rows = rows;
    this.#buffer = lines.flatMap((line) => broken(line, columns));
    this.#row = this.#buffer.findIndex((_, row) => this.#lineOf(row) === cursorLine);
    this.#top = Math.max(0, this.#row - rows + 1);
  }

  /** Which line, as it was written, a row belongs to. */
  #lineOf(row: number): number {
    return this.#buffer.slice(0, row + 1).filter(({ isContinued }) => !isContinued).length;
  }

  #control(letter: string, number: string): void {
    if (letter === 'A') this.#row = Math.max(this.#top, this.#row - Number(number));
    else if (letter === 'K') this.#buffer[this.#row] = { text: '', isContinued: false };
    else if (letter === 'J') {
      const { text = '', isContinued = false } = this.#buffer[this.#row] ?? {};
      this.#buffer.length = this.#row;
      this.#buffer.push({ text: text.slice(0, this.#column), isContinued });
    }
  }

  #put(char: string): void {
    if (this.#column === this.columns) this.#down(true);
    const row = this.#buffer[this.#row];
    if (!row) return;
    row.text =
      row.text.padEnd(this.#column).slice(0, this.#column) +
      char +
      row.text.slice(this.#column + 1);
    this.#column += 1;
  }

  #down(isContinued: boolean): void {
    this.#row += 1;
    this.#column = 0;
    if (this.#row === this.#buffer.length) this.#buffer.push({ text: '', isContinued });
    this.#top = Math.max(this.#top, this.#row - this.rows + 1);
  }
}

function broken(line: string, columns: number): Row[] {
  const rows: Row[] = [];
  for (let start = 0; start === 0 || start < line.length; start += columns) {
    rows.push({ text: line.slice(start, start + columns), isContinued: start > 0 });
  }
  return rows;
}
