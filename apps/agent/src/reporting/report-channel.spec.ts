import { describe, expect, it } from 'vitest';
import { MAX_REPORT_MESSAGE_CHARS } from '@gofd/task-model';
import { ManualClock, settled } from '../../test/manual-clock.ts';
import {
  FIRST_REPORT_DELAY_MS,
  HEARTBEAT_MS,
  REPORT_INTERVAL_MS,
  ReportChannel,
  RETRY_FIRST_MS,
  RETRY_MAX_MS,
  type ReportChannelOptions,
} from './report-channel.ts';
import type { ReportAnswer, ReportSender, StatusReport } from './report-sender.port.ts';

const DAY_MS = 24 * 3_600_000;
const FULL = { code: 'NO_SPACE', message: 'the disk is full' };

/** Answers at once with `answer`; while that is undefined, reports wait for `settle`. */
class FakeSender implements ReportSender {
  answer: ReportAnswer | undefined = 'taken';
  readonly sent: StatusReport[] = [];
  readonly sentAtMs: number[] = [];
  readonly #clock: ManualClock;
  readonly #waiting: ((answer: ReportAnswer) => void)[] = [];

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  send(report: StatusReport): Promise<ReportAnswer> {
    this.sent.push(report);
    this.sentAtMs.push(this.#clock.nowMs());
    if (this.answer !== undefined) return Promise.resolve(this.answer);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  async settle(answer: ReportAnswer): Promise<void> {
    this.#waiting.shift()?.(answer);
    await settled();
  }

  get percents(): readonly number[] {
    return this.sent.map(({ percentComplete }) => percentComplete);
  }
}

/** A channel whose first report need not wait any more. */
function aChannel(changes: Partial<ReportChannelOptions> = {}) {
  const made = aNewChannel(changes);
  made.clock.skip(FIRST_REPORT_DELAY_MS);
  return made;
}

function aNewChannel(changes: Partial<ReportChannelOptions> = {}) {
  const clock = new ManualClock();
  const sender = new FakeSender(clock);
  const endings: string[] = [];
  const channel = new ReportChannel({
    taskId: 't1',
    host: '10.0.0.1:45010',
    attempt: 3,
    firstSequence: 1_000,
    sender,
    clock,
    onTaskOver: (answer) => endings.push(answer),
    ...changes,
  });
  return { channel, clock, sender, endings };
}

describe('a short task', () => {
  it('has its verdict reported and nothing else', async () => {
    const { channel, clock, sender } = aNewChannel();
    channel.progress(0);
    await clock.advance(FIRST_REPORT_DELAY_MS - 1);
    channel.done();
    await clock.advance(DAY_MS);
    expect(sender.percents).toEqual([100]);
  });

  it('that goes on is reported after FIRST_REPORT_DELAY_MS', async () => {
    const { channel, clock, sender } = aNewChannel();
    channel.progress(0);
    await clock.advance(FIRST_REPORT_DELAY_MS);
    expect(sender.percents).toEqual([0]);
  });
});

describe('progress', () => {
  it('is reported at once, with all that the server needs to know', async () => {
    const { channel, clock, sender } = aChannel();
    channel.progress(0);
    await clock.advance(0);
    expect(sender.sent).toEqual([
      { taskId: 't1', ip: '10.0.0.1:45010', percentComplete: 0, attempt: 3, sequence: 1_001 },
    ]);
  });

  it('says nothing of an attempt where the create call did not', async () => {
    const { channel, clock, sender } = aChannel({ attempt: undefined });
    channel.progress(0);
    await clock.advance(0);
    expect(sender.sent[0]).not.toHaveProperty('attempt');
  });

  it('is reported at most once a second, and then the newest figure only', async () => {
    const { channel, clock, sender } = aChannel();
    for (let step = 0; step < 300; step++) {
      channel.progress(step / 1_000);
      await clock.advance(REPORT_INTERVAL_MS / 100);
    }
    expect(sender.percents).toEqual([0, 9.9, 19.9, 29.9]);
  });

  it('goes out as soon as the second is over', async () => {
    const { channel, clock, sender } = aChannel();
    channel.progress(0.1);
    await clock.advance(0);
    channel.progress(0.2);
    await clock.advance(REPORT_INTERVAL_MS - 1);
    expect(sender.percents).toEqual([10]);
    await clock.advance(1);
    expect(sender.percents).toEqual([10, 20]);
  });

  it('B01: stays below 100 as long as the files are not in place', async () => {
    const { channel, clock, sender } = aChannel();
    for (const share of [0.9999, 1]) {
      channel.progress(share);
      await clock.advance(REPORT_INTERVAL_MS);
    }
    expect(sender.percents).toEqual([99.9, 99.9]);
  });

  it('has one decimal, rounded down', async () => {
    const { channel, clock, sender } = aChannel();
    channel.progress(0.123_99);
    await clock.advance(0);
    expect(sender.percents).toEqual([12.3]);
  });

  it('waits while a report is under way: never two at once', async () => {
    const { channel, clock, sender } = aChannel();
    sender.answer = undefined;
    channel.progress(0.1);
    await clock.advance(0);
    channel.progress(0.2);
    await clock.advance(DAY_MS);
    expect(sender.percents).toEqual([10]);
    await sender.settle('taken');
    await clock.advance(0);
    expect(sender.percents).toEqual([10, 20]);
  });

  it('is repeated when there is none for a while: the agent is alive', async () => {
    const { channel, clock, sender } = aChannel();
    channel.progress(0.5);
    await clock.advance(HEARTBEAT_MS - 1);
    expect(sender.percents).toEqual([50]);
    await clock.advance(2 * HEARTBEAT_MS);
    expect(sender.percents).toEqual([50, 50, 50]);
  });
});

describe('the verdict', () => {
  it('goes out at once, although the second is not over', async () => {
    const { channel, clock, sender } = aChannel();
    channel.progress(0.5);
    await clock.advance(0);
    channel.done();
    await clock.advance(0);
    expect(sender.percents).toEqual([50, 100]);
  });

  it('B01: that the task failed has a code and a sentence', async () => {
    const { channel, clock, sender } = aChannel();
    channel.failed(FULL);
    await clock.advance(0);
    expect(sender.sent).toMatchObject([{ percentComplete: -1, ...FULL }]);
  });

  it('has a sentence that the server takes, however long the path in it', async () => {
    const { channel, clock, sender } = aChannel();
    channel.failed({ ...FULL, message: `a${'\u{1F4BE}'.repeat(MAX_REPORT_MESSAGE_CHARS)}` });
    await clock.advance(0);
    const message = sender.sent[0]?.message ?? '';
    expect(message.length).toBeLessThanOrEqual(MAX_REPORT_MESSAGE_CHARS);
    expect(message.isWellFormed()).toBe(true);
  });

  it('ends the reports: no heartbeat, no progress, no other verdict', async () => {
    const { channel, clock, sender } = aChannel();
    channel.done();
    await clock.advance(0);
    channel.progress(0.5);
    channel.failed(FULL);
    channel.done();
    await clock.advance(DAY_MS);
    expect(sender.percents).toEqual([100]);
    expect(clock.alarmCount).toBe(0);
  });

  it('overtakes the progress that waits for its second', async () => {
    const { channel, clock, sender } = aChannel();
    channel.progress(0.1);
    await clock.advance(0);
    channel.progress(0.2);
    channel.failed(FULL);
    await clock.advance(DAY_MS);
    expect(sender.percents).toEqual([10, -1]);
  });

  it('that comes while a report is under way follows it at once', async () => {
    const { channel, clock, sender } = aChannel();
    sender.answer = undefined;
    channel.progress(0.1);
    await clock.advance(0);
    channel.done();
    await clock.advance(0);
    expect(sender.percents).toEqual([10]);
    await sender.settle('taken');
    await clock.advance(0);
    expect(sender.percents).toEqual([10, 100]);
  });
});

describe('a server that does not answer', () => {
  it('B30: hears the verdict again and again, ever more seldom, until it answers', async () => {
    const { channel, clock, sender } = aChannel();
    sender.answer = 'unreachable';
    channel.done();
    await clock.advance(120_000);
    const pausesMs = sender.sentAtMs
      .slice(1)
      .map((atMs, index) => atMs - (sender.sentAtMs[index] ?? 0));
    const doubled = [0, 1, 2, 3, 4].map((times) => RETRY_FIRST_MS * 2 ** times);
    expect(pausesMs.slice(0, 5)).toEqual(doubled);
    expect(new Set(pausesMs.slice(5))).toEqual(new Set([RETRY_MAX_MS]));

    sender.answer = 'taken';
    await clock.advance(RETRY_MAX_MS);
    const count = sender.sent.length;
    await clock.advance(DAY_MS);
    expect(sender.sent).toHaveLength(count);
    expect(new Set(sender.percents)).toEqual(new Set([100]));
  });

  it('hears the newest figure when it answers again, not those that were lost', async () => {
    const { channel, clock, sender } = aChannel();
    sender.answer = 'unreachable';
    channel.progress(0.1);
    await clock.advance(0);
    channel.progress(0.2);
    channel.progress(0.3);
    sender.answer = 'taken';
    await clock.advance(REPORT_INTERVAL_MS);
    expect(sender.percents).toEqual([10, 30]);
  });

  it('is not asked more often because there is progress', async () => {
    const { channel, clock, sender } = aChannel();
    sender.answer = 'unreachable';
    for (let step = 0; step < 1_000; step++) {
      channel.progress(step / 1_000);
      await clock.advance(REPORT_INTERVAL_MS / 100);
    }
    expect(sender.sent.length).toBeLessThanOrEqual(11);
  });

  it('does not hear a progress that was lost again once the verdict is there', async () => {
    const { channel, clock, sender } = aChannel();
    sender.answer = undefined;
    channel.progress(0.9);
    await clock.advance(0);
    channel.done();
    await sender.settle('unreachable');
    sender.answer = 'taken';
    await clock.advance(DAY_MS);
    expect(sender.percents).toEqual([90, 100]);
  });
});

describe('the sequence', () => {
  it('B05: grows with every report, repeated ones included', async () => {
    const { channel, clock, sender } = aChannel();
    channel.progress(0.1);
    await clock.advance(HEARTBEAT_MS);
    sender.answer = 'unreachable';
    channel.done();
    await clock.advance(RETRY_MAX_MS);
    const sequences = sender.sent.map(({ sequence }) => sequence);
    expect(sequences.length).toBeGreaterThan(4);
    expect(sequences).toEqual(sequences.map((_, index) => 1_001 + index));
  });
});

describe.each(['taskOver', 'taskEnded'] as const)('a server that answers %s', (answer) => {
  it('is reported nothing more, and the owner is told once', async () => {
    const { channel, clock, sender, endings } = aChannel();
    sender.answer = answer;
    channel.progress(0.1);
    await clock.advance(0);
    channel.progress(0.2);
    channel.done();
    await clock.advance(DAY_MS);
    expect(sender.percents).toEqual([10]);
    expect(endings).toEqual([answer]);
  });

  it('may answer so to a verdict, too', async () => {
    const { channel, clock, sender, endings } = aChannel();
    sender.answer = answer;
    channel.done();
    await clock.advance(DAY_MS);
    expect(sender.percents).toEqual([100]);
    expect(endings).toEqual([answer]);
  });
});

describe('B56: after close', () => {
  it('nothing is sent, whatever is reported', async () => {
    const { channel, clock, sender } = aChannel();
    channel.close();
    channel.progress(0.1);
    channel.done();
    channel.failed(FULL);
    channel.close();
    await clock.advance(DAY_MS);
    expect(sender.sent).toEqual([]);
    expect(clock.alarmCount).toBe(0);
  });

  it('what was due is not sent', async () => {
    const { channel, clock, sender } = aChannel();
    channel.done();
    channel.close();
    await clock.advance(DAY_MS);
    expect(sender.sent).toEqual([]);
  });

  it.each(['taken', 'unreachable', 'taskOver', 'taskEnded'] as const)(
    'an answer %s that comes late has no effect',
    async (answer) => {
      const { channel, clock, sender, endings } = aChannel();
      sender.answer = undefined;
      channel.done();
      await clock.advance(0);
      channel.close();
      await sender.settle(answer);
      await clock.advance(DAY_MS);
      expect(sender.sent).toHaveLength(1);
      expect(endings).toEqual([]);
    },
  );
});
