import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { aWatchState } from '../../test/a-watch-state.ts';
import { FakeTerminal } from '../../test/fake-terminal.ts';
import { LiveReporter } from './live-reporter.ts';
import { ASCII_GLYPHS } from './progress-bar.ts';
import { progressView } from './progress-view.ts';
import type { WatchState } from './watch-state.ts';

/** A stream whose far side is a terminal with one line on it. */
class FakeScreen extends PassThrough {
  readonly isTTY = true;
  readonly terminal: FakeTerminal;
  written = '';

  constructor(columns: number, rows: number) {
    super();
    this.terminal = new FakeTerminal(columns, rows);
    this.write('$ watch\n');
  }
  get columns(): number {
    return this.terminal.columns;
  }
  get rows(): number {
    return this.terminal.rows;
  }
  override write(text: string): boolean {
    this.written += text;
    this.terminal.write(text);
    return true;
  }
  resize(columns: number, rows: number): void {
    this.terminal.resize(columns, rows);
    this.emit('resize');
  }
}

/** A state of this moment, so that its figures are not old. */
function aState(hostCount: number, changes: Partial<WatchState> = {}): WatchState {
  const hosts = Array.from({ length: hostCount }, (_, index) => [`10.0.0.${index}`, {}]);
  return aWatchState(
    { hosts: Object.fromEntries(hosts) as Record<string, object> },
    { answeredAtMs: performance.now(), ...changes },
  );
}

describe('LiveReporter', () => {
  const reporters: LiveReporter[] = [];
  afterEach(() => {
    for (const reporter of reporters.splice(0)) reporter.close();
  });

  function onScreen(columns = 80, rows = 24, env: NodeJS.ProcessEnv = {}) {
    const screen = new FakeScreen(columns, rows);
    const live = new LiveReporter(screen as unknown as NodeJS.WriteStream, env);
    reporters.push(live);
    return { screen, live, terminal: screen.terminal };
  }

  function viewOf(state: WatchState, { columns, rows }: FakeTerminal): string[] {
    const lines = progressView(state, { columns, rows }, state.answeredAtMs, ASCII_GLYPHS);
    return lines.map(({ text }) => text.trimEnd());
  }

  it('shows as many hosts as there are rows, and how many more there are', () => {
    const { terminal, live } = onScreen(80, 10);
    const state = aState(10_000);
    live.show(state);
    expect(terminal.screen).toEqual(viewOf(state, terminal));
    expect(terminal.screen.at(-2)).toBe('... and 9996 more: 9996 in progress');
  });

  it.each([
    ['narrower, so that the terminal breaks every line anew', 30, 24],
    ['wider', 120, 24],
    ['higher', 80, 50],
    ['lower', 80, 8],
    ['smaller than anything', 12, 3],
  ])(
    'draws anew when the terminal becomes %s, and leaves nothing of before',
    (_, columns, rows) => {
      const { screen, live, terminal } = onScreen();
      const state = aState(12);
      live.show(state);
      screen.resize(columns, rows);
      const shown = terminal.screen.filter((line) => !line.startsWith('$'));
      expect(shown).toEqual(viewOf(state, terminal));
    },
  );

  it('leaves nothing behind when lines come and go', () => {
    const { live, terminal } = onScreen();
    const well = aState(3);
    const trouble = { sinceMs: 0, sinceWall: new Date(), reason: 'ECONNREFUSED' };
    const away = aState(3, { trouble });
    for (const state of [well, away, well, aState(9), aState(1), well]) {
      live.show(state);
      expect(terminal.screen).toEqual(['$ watch', ...viewOf(state, terminal)]);
    }
  });

  it('shows one whole view after any row of sizes and states that fit the screen', () => {
    const size = fc.record({
      columns: fc.integer({ min: 60, max: 120 }),
      rows: fc.integer({ min: 24, max: 40 }),
    });
    const steps = fc.array(fc.record({ size, hostCount: fc.integer({ min: 1, max: 5 }) }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(steps, (all) => {
        const { screen, live, terminal } = onScreen();
        for (const { size: next, hostCount } of all) {
          const state = aState(hostCount);
          live.show(state);
          screen.resize(next.columns, next.rows);
          const view = viewOf(state, terminal);
          expect(terminal.screen.slice(-view.length)).toEqual(view);
          expect(terminal.screen.slice(0, -view.length)).toEqual(['$ watch']);
        }
        live.close();
      }),
      { numRuns: 200 },
    );
  });

  it('takes the view away at the end, gives the cursor back, and stops drawing', () => {
    const { screen, live, terminal } = onScreen();
    live.show(aState(3));
    expect(screen.written).toContain('\u001b[?25l');
    live.close();
    expect(screen.written.endsWith('\u001b[?25h')).toBe(true);
    expect(terminal.screen).toEqual(['$ watch']);
    screen.resize(50, 10);
    expect(terminal.screen).toEqual(['$ watch']);
  });

  it('writes nothing when nothing has changed', () => {
    const { screen, live } = onScreen();
    const state = aState(3);
    live.show(state);
    const { length } = screen.written;
    live.show(state);
    expect(screen.written).toHaveLength(length);
  });

  it('colours failed hosts, and nothing under NO_COLOR', () => {
    const state = aWatchState({ hosts: { a: { status: 'FAILED', code: 'NO_SPACE' } } });
    const coloured = onScreen();
    coloured.live.show(state);
    expect(coloured.screen.written).toContain('\u001b[31m');
    const plain = onScreen(80, 24, { NO_COLOR: '1' });
    plain.live.show(state);
    expect(plain.screen.written).not.toContain('\u001b[31m');
  });
});
