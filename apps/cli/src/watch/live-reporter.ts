/** The live view on a terminal: redrawn on every answer, on resize, and as the figures age. */
import { styleText } from 'node:util';
import { displayColumns } from '../text/terminal-text.ts';
import { hideCursor } from './hide-cursor.ts';
import { glyphsFor } from './progress-bar.ts';
import { progressView, type Tone, type ViewLine, type ViewSize } from './progress-view.ts';
import { ScreenBlock } from './screen-block.ts';
import type { WatchReporter } from './watch-task.ts';
import type { WatchState } from './watch-state.ts';

const REDRAW_INTERVAL_MS = 500;
const STYLES = {
  plain: undefined,
  strong: 'bold',
  good: 'green',
  bad: 'red',
  warning: 'yellow',
  dim: 'dim',
} as const satisfies Readonly<Record<Tone, string | undefined>>;

/** A terminal that does not tell its size. */
const FALLBACK_SIZE = { columns: 80, rows: 24 };

export class LiveReporter implements WatchReporter {
  private readonly screen: NodeJS.WriteStream;
  private readonly env: NodeJS.ProcessEnv;
  private readonly block: ScreenBlock;
  private readonly showCursor: () => void;
  private readonly redrawTimer: NodeJS.Timeout;
  private readonly redraw = (): void => this.draw();
  private state: WatchState | undefined;

  constructor(screen: NodeJS.WriteStream, env: NodeJS.ProcessEnv) {
    this.screen = screen;
    this.env = env;
    const write = (text: string): void => void screen.write(text);
    this.block = new ScreenBlock(write);
    this.showCursor = hideCursor(write);
    this.redrawTimer = setInterval(this.redraw, REDRAW_INTERVAL_MS);
    screen.on('resize', this.redraw);
  }

  show(state: WatchState): void {
    this.state = state;
    this.draw();
  }

  /** Takes the view away; the summary is what stays. */
  close(): void {
    clearInterval(this.redrawTimer);
    this.screen.off('resize', this.redraw);
    this.block.clear(this.size.columns);
    this.showCursor();
  }

  private draw(): void {
    if (!this.state) return;
    const { size } = this;
    const lines = progressView(this.state, size, performance.now(), glyphsFor(this.env));
    this.block.draw(
      lines.map((line) => ({ text: this.styled(line), columns: displayColumns(line.text) })),
      size.columns,
    );
  }

  private get size(): ViewSize {
    return {
      columns: this.screen.columns || FALLBACK_SIZE.columns,
      rows: this.screen.rows || FALLBACK_SIZE.rows,
    };
  }

  private styled({ text, tone }: ViewLine): string {
    const style = STYLES[tone];
    return style === undefined || this.env['NO_COLOR']
      ? text
      : styleText(style, text, { validateStream: false });
  }
}
