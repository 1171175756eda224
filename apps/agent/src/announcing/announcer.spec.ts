import { describe, expect, it } from 'vitest';
import type { AnnounceDto } from '@gofd/task-model';
import { ManualClock } from '../../test/manual-clock.ts';
import { waitUntil } from '../../test/wait-until.ts';
import { Announcer, ANNOUNCE_RETRY_MAX_MS, MAX_INTERVAL_MS } from './announcer.ts';

/** An announcer whose server gives these answers, then the last one for ever. */
function anAnnouncer(...answers: readonly (number | undefined)[]) {
  const clock = new ManualClock();
  const changes: boolean[] = [];
  let sent = 0;
  const announcer = new Announcer({
    clock,
    describe: () => Promise.resolve({ name: 'a' } as AnnounceDto),
    send: () => Promise.resolve(answers[Math.min(sent++, answers.length - 1)]),
    changed: (isTaken) => changes.push(isTaken),
  });
  announcer.start();
  /** After the answer that is under way. */
  const settled = (count: number) =>
    waitUntil(`announcement ${count}`, () => sent === count && clock.alarmCount === 1);
  return { announcer, clock, changes, settled, sentCount: () => sent };
}

describe('Announcer', () => {
  it('announces at once and then as often as the server asks', async () => {
    const { clock, settled, sentCount } = anAnnouncer(10_000);
    await settled(1);
    await clock.advance(9_999);
    expect(sentCount()).toBe(1);
    await clock.advance(1);
    await settled(2);
  });

  it('tries again later each time while it is not taken, and says when that changes', async () => {
    const { clock, changes, settled, sentCount } = anAnnouncer(
      undefined,
      undefined,
      undefined,
      10_000,
    );
    await settled(1);
    for (const [index, delayMs] of [1_000, 2_000, 4_000].entries()) {
      await clock.advance(delayMs - 1);
      expect(sentCount()).toBe(index + 1);
      await clock.advance(1);
      await settled(index + 2);
    }
    expect(changes).toEqual([false, true]);
  });

  it('waits no longer than its limits, whatever the server says', async () => {
    const eager = anAnnouncer(Number.MAX_SAFE_INTEGER, 1);
    await eager.settled(1);
    await eager.clock.advance(MAX_INTERVAL_MS);
    await eager.settled(2);
    await eager.clock.advance(999);
    expect(eager.sentCount()).toBe(2);
    const down = anAnnouncer(undefined);
    await down.settled(1);
    await down.clock.advance(10 * ANNOUNCE_RETRY_MAX_MS);
    const before = down.sentCount();
    await down.clock.advance(ANNOUNCE_RETRY_MAX_MS);
    expect(down.sentCount()).toBe(before + 1);
  });

  it('says nothing after it was stopped', async () => {
    const { announcer, clock, settled, sentCount } = anAnnouncer(10_000);
    await settled(1);
    announcer.stop();
    await clock.advance(60_000);
    expect([sentCount(), clock.alarmCount]).toEqual([1, 0]);
  });
});
