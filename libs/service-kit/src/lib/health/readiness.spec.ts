import { describe, expect, it } from 'vitest';
import { Readiness, READINESS_TTL_MS, type Unreadiness } from './readiness.ts';

const DISK_FULL: Unreadiness = { code: 'STATE_UNAVAILABLE', message: 'the disk is full' };

function aReadiness() {
  const world = { nowMs: 0, problem: undefined as Unreadiness | undefined, checkCount: 0 };
  const check = (): Unreadiness | undefined => {
    world.checkCount += 1;
    return world.problem;
  };
  const readiness = new Readiness(check, () => world.nowMs);
  return { world, readiness };
}

describe('readiness', () => {
  it('is not there before the service has taken up what an earlier run left', () => {
    const { world, readiness } = aReadiness();
    expect(readiness.reasons()).toMatchObject([{ code: 'STARTING' }]);
    expect(world.checkCount).toBe(0);
    readiness.started();
    expect(readiness.reasons()).toEqual([]);
  });

  it('goes and comes back with its cause', () => {
    const { world, readiness } = aReadiness();
    readiness.started();
    world.problem = DISK_FULL;
    expect(readiness.reasons()).toEqual([DISK_FULL]);
    world.problem = undefined;
    world.nowMs = READINESS_TTL_MS;
    expect(readiness.reasons()).toEqual([]);
  });

  it('is looked at once within its time, however many ask', () => {
    const { world, readiness } = aReadiness();
    readiness.started();
    for (world.nowMs = 0; world.nowMs < READINESS_TTL_MS; world.nowMs += 100) readiness.reasons();
    expect(world.checkCount).toBe(1);
    readiness.reasons();
    expect(world.checkCount).toBe(2);
  });
});
