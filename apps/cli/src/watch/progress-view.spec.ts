import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aTask, type TaskShape } from '../../test/a-task.ts';
import { aWatchState } from '../../test/a-watch-state.ts';
import { displayColumns } from '../text/terminal-text.ts';
import { ASCII_GLYPHS, UNICODE_GLYPHS } from './progress-bar.ts';
import { progressView, type ViewSize } from './progress-view.ts';
import { STALE_AFTER_MS, type WatchState } from './watch-state.ts';

const SIZE: ViewSize = { columns: 80, rows: 24 };

function view(state: WatchState, size = SIZE, nowMs = 0): string[] {
  return progressView(state, size, nowMs, ASCII_GLYPHS).map(({ text }) => text);
}

const MOVING = { bytesPerSecond: 10 * 1024 ** 2, secondsLeft: 42 };

const FOUR_HOSTS: TaskShape = {
  hosts: {
    '10.0.0.1': { status: 'COMPLETED', percentComplete: 100 },
    '10.0.0.2': { status: 'INPROGRESS', percentComplete: 55.55 },
    '10.0.0.3': { status: 'FAILED', percentComplete: 20, code: 'NO_SPACE', message: 'disk full' },
    '10.0.0.4': { status: 'INIT' },
  },
};

describe('progressView', () => {
  it('shows the task, its bar, rate, time left, counts, and each host with failed ones first', () => {
    expect(view(aWatchState(FOUR_HOSTS, MOVING))).toEqual([
      'task release-7  INPROGRESS  1 file, 100 MiB to 4 hosts',
      '###############...............xxxxxxxxxx   38.8 %  10.0 MiB/s  about 0:42 left',
      'hosts: 1 done, 1 in progress, 1 waiting, 1 failed; the server sent 104 MiB',
      '10.0.0.3  ##........  20.0 %  failed  NO_SPACE: disk full',
      '10.0.0.2  #####.....  55.5 %  in progress',
      '10.0.0.4  ..........   0.0 %  waiting',
      '10.0.0.1  ########## 100.0 %  done',
      'Ctrl-C stops watching; the task goes on.',
    ]);
  });

  it.each<[string, TaskShape, Partial<WatchState>, string]>([
    ['a queued task', { status: 'INIT', totalBytes: undefined }, {}, 'waiting for its turn'],
    ['a task that is being hashed', { totalBytes: undefined }, {}, 'reading the files'],
    ['a task at rest', {}, { bytesPerSecond: 0 }, '0 B/s  nothing moves'],
  ])('says what %s does', (_title, shape, changes, words) => {
    expect(view(aWatchState(shape, changes))[1]).toMatch(new RegExp(`${words}$`));
  });

  it('shows no rate and no time left beside figures that are old, and says how old', () => {
    const lines = view(aWatchState({}, MOVING), SIZE, STALE_AFTER_MS + 1000);
    expect(lines[1]).toMatch(/ 0\.0 %$/);
    expect(lines[3]).toBe('waiting for the server; figures 0:04 old');
  });

  it('says since when the server is unreachable, even right after the last answer', () => {
    const sinceWall = new Date(2026, 10, 22, 23, 15, 2);
    const trouble = { sinceMs: 500, sinceWall, reason: 'ECONNREFUSED' };
    const lines = view(aWatchState({}, { ...MOVING, trouble }), SIZE, 1000);
    expect(lines[1]).not.toContain('MiB/s');
    expect(lines[3]).toBe(
      'server unreachable since 23:15:02 (ECONNREFUSED), retrying; figures 0:01 old',
    );
  });

  it('folds the hosts that do not fit, last the ones that need no eye', () => {
    const lines = view(aWatchState(FOUR_HOSTS, MOVING), { columns: 80, rows: 7 });
    expect(lines.slice(3)).toEqual([
      '10.0.0.3  ##........  20.0 %  failed  NO_SPACE: disk full',
      '... and 3 more: 1 in progress, 1 waiting, 1 done',
      'Ctrl-C stops watching; the task goes on.',
    ]);
  });

  it('leaves the bars of hosts out on a narrow terminal', () => {
    const lines = view(aWatchState(FOUR_HOSTS), { columns: 40, rows: 24 });
    expect(lines[3]).toBe('10.0.0.3   20.0 %  failed  NO_SPACE: ...');
  });

  it('writes out control characters that an agent puts into its message', () => {
    const hosts = { a: { status: 'FAILED' as const, code: 'X', message: '\u001b[2Jgone' } };
    expect(view(aWatchState({ hosts }))[3]).toContain('\\u{1b}[2Jgone');
  });

  it('fits any terminal with any number of hosts', () => {
    const sizes = fc.record({
      columns: fc.integer({ min: 1, max: 200 }),
      rows: fc.integer({ min: 1, max: 60 }),
    });
    const statuses = fc.array(
      fc.constantFrom('INIT', 'INPROGRESS', 'COMPLETED', 'FAILED', 'CANCELLED'),
    );
    fc.assert(
      fc.property(sizes, statuses, fc.boolean(), (size, hostStatuses, isStale) => {
        const hosts = Object.fromEntries(hostStatuses.map((status, i) => [`h${i}`, { status }]));
        const nowMs = isStale ? 60_000 : 0;
        const lines = progressView(aWatchState({ hosts }, MOVING), size, nowMs, UNICODE_GLYPHS);
        expect(lines.length).toBeLessThanOrEqual(Math.max(1, size.rows - 1));
        for (const { text } of lines)
          expect(displayColumns(text)).toBeLessThanOrEqual(size.columns);
      }),
    );
  });

  it('draws 10,000 hosts without delay', () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `host-${index}`);
    const task = aTask({ hosts: Object.fromEntries(names.map((name) => [name, {}])) });
    expect(Object.keys(task.dispatchInfos)).toHaveLength(10_000);
    expect(view({ ...aWatchState(), task })).toHaveLength(SIZE.rows - 1);
  });
});
