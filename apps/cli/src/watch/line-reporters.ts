/** Reporters for pipes and files: lines of text, lines of JSON, or nothing until the end. */
import { isTerminalTaskStatus } from '@gofd/task-model';
import { SYSTEM_CLOCK, type Clock } from './clock.ts';
import { plainFacts, plainLine } from './plain-line.ts';
import type { WatchReporter } from './watch-task.ts';
import type { WatchState } from './watch-state.ts';

/** At most one line in this time, except for the last one of a task. */
export const MIN_LINE_INTERVAL_MS = 1_000;

type LineClock = Pick<Clock, 'nowMs' | 'nowWall'>;

export class PlainReporter implements WatchReporter {
  private readonly write: (text: string) => void;
  private readonly clock: LineClock;
  private lastFacts = '';
  private lastLineAtMs = Number.NEGATIVE_INFINITY;

  constructor(write: (text: string) => void, clock: LineClock = SYSTEM_CLOCK) {
    this.write = write;
    this.clock = clock;
  }

  show(state: WatchState): void {
    const facts = plainFacts(state);
    const nowMs = this.clock.nowMs();
    const ended = isTerminalTaskStatus(state.task.status);
    if (facts === this.lastFacts || (!ended && nowMs - this.lastLineAtMs < MIN_LINE_INTERVAL_MS)) {
      return;
    }
    this.lastFacts = facts;
    this.lastLineAtMs = nowMs;
    this.write(`${plainLine(state, this.clock.nowWall())}\n`);
  }

  close(): void {}
}

/** Each answer that differs from the one before, as the server wrote it, one a line. */
export class JsonReporter implements WatchReporter {
  private readonly write: (text: string) => void;
  private lastJson = '';

  constructor(write: (text: string) => void) {
    this.write = write;
  }

  show({ json }: WatchState): void {
    if (json === this.lastJson) return;
    this.lastJson = json;
    this.write(`${json}\n`);
  }

  close(): void {}
}

export class SilentReporter implements WatchReporter {
  show(): void {}
  close(): void {}
}
