import { describe, expect, it } from 'vitest';
import type { SimRun, SwarmResult } from '@gofd/p2p-sim';
import {
  describeFinding,
  describeTally,
  emptyTally,
  MAX_KEPT_FINDINGS,
  runOf,
  violationCount,
  withRun,
  type SimTally,
} from './sim-tally.ts';

const EMPTY = emptyTally({ modes: ['safety', 'liveness'], shapes: ['chain', 'mesh'], from: 8 });
const RUN: SimRun = { seed: 8, mode: 'safety', shape: 'chain' };

function aResult(changes: Partial<SwarmResult> = {}): SwarmResult {
  const agent = { completedAtMs: 1, failure: undefined, receivedBytes: 1 };
  return {
    seed: 8,
    traceHash: '',
    violations: [],
    concerns: [],
    struckFaultCount: 3,
    endedAtMs: 1_800_000,
    totalBytes: 1,
    serverSentBytes: 1,
    closings: new Map(),
    stepCount: 10,
    agents: [
      { ...agent, state: 'complete' },
      { ...agent, state: 'dead' },
    ],
    ...changes,
  };
}

describe('the sum of simulated runs', () => {
  it('takes modes in turns, and shapes for each of them', () => {
    const runs = [8, 9, 10, 11].map((seed) => runOf(seed, EMPTY));
    expect(runs.map(({ mode, shape }) => `${mode} ${shape}`)).toEqual([
      'safety chain',
      'liveness chain',
      'safety mesh',
      'liveness mesh',
    ]);
  });

  it('counts seeds, hours, faults and agents', () => {
    const tally = withRun(withRun(EMPTY, RUN, aResult()), { ...RUN, seed: 9 }, aResult());
    expect(describeTally(tally)).toBe(
      'sim: 2 seeds from 8, 1.0 simulated hours, 6 faults, 2/4 agents complete, 0 wrong bytes, ' +
        '0 false statuses, 0 broken rules, 0 stuck, 0 thrown',
    );
    expect(tally).toMatchObject({ nextSeed: 10, runsPerMode: { safety: 2 }, steps: 20 });
    expect(violationCount(tally)).toBe(0);
  });

  it.each([
    ['wrongBytes', 'wrongBytes'],
    ['falseStatus', 'falseStatuses'],
    ['brokenRule', 'brokenRules'],
    ['stuck', 'stuck'],
  ] as const)('counts a violation about %s, and says how to repeat it', (concern, counter) => {
    const tally = withRun(EMPTY, RUN, aResult({ violations: ['it broke'], concerns: [concern] }));
    expect(tally[counter]).toBe(1);
    expect(violationCount(tally)).toBe(1);
    expect(tally.findings.map(describeFinding)).toEqual([
      `${concern}: it broke\n  npm run sim -- --seed 8 --mode safety --shape chain`,
    ]);
  });

  it('counts what a session throws, with its stack', () => {
    const tally = withRun(EMPTY, RUN, new Error('broken invariant'));
    expect(tally).toMatchObject({ thrown: 1, nextSeed: 9, runsPerMode: { safety: 1 } });
    expect(tally.findings[0]?.problem).toContain('sim-tally.spec');
  });

  it('counts every violation and keeps the first 50 of them', () => {
    const broken = aResult({ violations: ['it broke'], concerns: ['stuck'] });
    let tally: SimTally = EMPTY;
    for (let count = 0; count <= MAX_KEPT_FINDINGS; count++) tally = withRun(tally, RUN, broken);
    expect([tally.stuck, tally.findings.length]).toEqual([51, 50]);
  });
});
