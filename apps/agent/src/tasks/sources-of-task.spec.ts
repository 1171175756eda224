import { describe, expect, it } from 'vitest';
import { RequestError, type PullPlanDto, type StartTaskDto } from '@gofd/task-model';
import { readStartOrder, sourcePlanOf } from './sources-of-task.ts';

const PLAN: PullPlanDto = { sources: ['b:2', 'c:2'], degree: 2, origin: 'server:1' };
const CALL: StartTaskDto = {
  taskId: 't1',
  linkChain: { dispatchAddrs: ['server:1', 'a:2', 'b:2'], serverAddr: 'server:0' },
};
const OWN = ['a:2', '10.0.0.1:2'];

function refusalOf(call: StartTaskDto, isV2: boolean): unknown {
  try {
    return readStartOrder(call, isV2);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return [error.code, error.details?.map(({ field, code }) => [field, code])];
  }
}

describe('readStartOrder', () => {
  it('has the plan of a v2 task and the chain of a v1 task', () => {
    expect(readStartOrder({ ...CALL, plan: PLAN }, true)).toEqual({ plan: PLAN });
    expect(readStartOrder(CALL, false)).toEqual({ chain: CALL.linkChain.dispatchAddrs });
  });

  it.each<[string, StartTaskDto, boolean]>([
    ['a v2 task without a plan', CALL, true],
    ['a v1 task with one', { ...CALL, plan: PLAN }, false],
  ])('refuses the start of %s and names the field', (_what, call, isV2) => {
    const code = 'INVALID_LINK_CHAIN';
    expect(refusalOf(call, isV2)).toEqual([code, [['plan', code]]]);
  });
});

describe('sourcePlanOf', () => {
  it('is nothing before the start call', () => {
    expect(sourcePlanOf({}, OWN)).toBeUndefined();
  });

  it('is one source at a time in a chain, the server last', () => {
    const chain = ['server:1', 'x:2', 'a:2'];
    expect(sourcePlanOf({ chain }, OWN)).toEqual({ sources: ['x:2', 'server:1'], degree: 1 });
  });

  it('is what the plan says', () => {
    expect(sourcePlanOf({ plan: PLAN }, OWN)).toEqual(PLAN);
  });

  it.each([
    ['first', ['A:2', 'b:2'], 0],
    ['last, by another address', ['x:2', 'b:2', '10.0.0.1:2'], 2],
  ])('tells this host its place in the rack: %s', (_what, members, self) => {
    const plan = { ...PLAN, rack: { name: 'r1', members } };
    expect(sourcePlanOf({ plan }, OWN)).toEqual({ ...PLAN, rack: { members, self } });
  });

  it.each([
    ['a rack of others', ['x:2', 'y:2']],
    ['an empty rack', []],
  ])('keeps no border for %s', (_what, members) => {
    const plan = { ...PLAN, rack: { name: 'r1', members } };
    expect(sourcePlanOf({ plan }, OWN)?.rack).toBeUndefined();
  });
});
