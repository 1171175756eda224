import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AT, aTaskRecord, hostOf } from '../../test/a-task-record.ts';
import type { TaskRecord } from './task-record.ts';

const HOST_COUNT = 3;
const hostIndex = fc.nat(HOST_COUNT - 1);
const failure = fc
  .constantFrom('NO_SPACE', 'SOURCE_NOT_FOUND')
  .map((code) => ({ code, message: '' }));

/** Anything that can happen to a record. */
const step: fc.Arbitrary<(record: TaskRecord) => void> = fc.oneof(
  fc
    .record({
      host: hostIndex,
      percentComplete: fc.oneof(fc.integer({ min: 0, max: 100 }), fc.constantFrom(-1, 100)),
      sequence: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
    })
    .map(({ host, ...report }) => (record: TaskRecord) => {
      record.report(hostOf(record, host), report, AT);
    }),
  fc.tuple(hostIndex, failure).map(([host, why]) => (record: TaskRecord) => {
    record.failHost(hostOf(record, host), why, AT);
  }),
  { weight: 1, arbitrary: failure.map((why) => (record: TaskRecord) => record.fail(why, AT)) },
  { weight: 1, arbitrary: fc.constant((record: TaskRecord) => record.cancel(AT)) },
);

describe('B05: whatever comes in whatever order', () => {
  it('states only move forward, percentages only grow, and the counts are those of the hosts', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const record = aTaskRecord({ hosts: ['a', 'b', 'c'] });
        record.begin(AT);
        for (const takeStep of steps) {
          const before = record.view(0);
          takeStep(record);
          assertForward(before, record.view(0));
          const { total, waiting, inProgress, completed, failed, cancelled } =
            record.summary(0).hostCounts;
          expect(waiting + inProgress + completed + failed + cancelled).toBe(total);
          expect(record.isOver).toBe(waiting + inProgress === 0);
        }
      }),
    );
  });
});

type View = ReturnType<TaskRecord['view']>;

function assertForward(before: View, after: View): void {
  if (before.status !== 'INPROGRESS') expect(after).toEqual(before);
  for (const [name, host] of Object.entries(before.dispatchInfos)) {
    const now = after.dispatchInfos[name];
    expect(now?.percentComplete).toBeGreaterThanOrEqual(host.percentComplete);
    if (host.finishedAt !== undefined) expect(now).toEqual(host);
  }
}
