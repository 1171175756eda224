import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { aWatchState } from '../../test/a-watch-state.ts';
import { LiveReporter } from './live-reporter.ts';

/** As much of a terminal as the reporter uses. */
class FakeScreen extends PassThrough {
  readonly isTTY = true;
  columns = 80;
  rows = 24;
  written = '';
  override write(text: string): boolean {
    this.written += text;
    return true;
  }
  /** What was written since the last call, without escape sequences. */
  takeText(): string {
    const text = stripVTControlCharacters(this.written);
    this.written = '';
    return text;
  }
}

describe('LiveReporter', () => {
  let reporter: LiveReporter | undefined;
  afterEach(() => reporter?.close());

  function onScreen(env: NodeJS.ProcessEnv = {}): { screen: FakeScreen; live: LiveReporter } {
    const screen = new FakeScreen();
    const live = new LiveReporter(screen as unknown as NodeJS.WriteStream, env);
    reporter = live;
    return { screen, live };
  }

  it('draws the view, and draws it anew to the new size when the terminal is resized', () => {
    const { screen, live } = onScreen();
    live.show(aWatchState({ hosts: { a: {}, b: {}, c: {} } }));
    expect(screen.takeText()).toContain('b  ..........   0.0 %  in progress');
    Object.assign(screen, { columns: 50, rows: 7 });
    screen.emit('resize');
    expect(screen.takeText()).toContain('... and 2 more: 2 in progress');
  });

  it('takes the view away at the end and stops drawing', () => {
    const { screen, live } = onScreen();
    live.show(aWatchState());
    live.close();
    screen.takeText();
    screen.emit('resize');
    expect(screen.takeText()).toBe('');
  });

  it('colours failed hosts, and nothing under NO_COLOR', () => {
    const hosts = { a: { status: 'FAILED' as const, code: 'NO_SPACE' } };
    const coloured = onScreen();
    coloured.live.show(aWatchState({ hosts }));
    coloured.live.close();
    expect(coloured.screen.written).toContain('\u001b[31m');
    const plain = onScreen({ NO_COLOR: '1' });
    plain.live.show(aWatchState({ hosts }));
    expect(plain.screen.written).not.toContain('\u001b[31m');
  });
});
