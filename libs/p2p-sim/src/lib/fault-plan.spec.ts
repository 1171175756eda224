import { createPrng } from '@gofd/p2p-protocol';
import { describe, expect, it } from 'vitest';
import { drawFaultPlan, endOfFaultsMs, type Fault } from './fault-plan.ts';

const SCOPE = { agentCount: 5, withinMs: 1_000 };

function plans(): Fault[] {
  return Array.from({ length: 500 }, (_, seed) => drawFaultPlan(createPrng(seed), SCOPE)).flat();
}

describe('drawFaultPlan', () => {
  it('draws the same plan from the same seed', () => {
    const draw = (seed: number): Fault[] => drawFaultPlan(createPrng(seed), SCOPE);
    expect(draw(11)).toEqual(draw(11));
  });

  it('draws every kind of fault, on every host, in the time given', () => {
    const drawn = plans();
    expect([...new Set(drawn.map(({ kind }) => kind))].sort()).toEqual([
      'corrupt',
      'diskFull',
      'kill',
      'neverStarts',
      'refuse',
      'reset',
      'slowDisk',
      'stall',
    ]);
    expect([...new Set(drawn.map(({ host }) => host))].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(drawn.every(({ atMs }) => atMs >= 0 && atMs < SCOPE.withinMs)).toBe(true);
  });

  it('never takes away the one source that has every piece', () => {
    const ofServer = plans().filter(({ host }) => host === 0);
    const isFatal = (fault: Fault): boolean =>
      (fault.kind === 'kill' && fault.restartAfterMs === undefined) ||
      ['corrupt', 'diskFull', 'neverStarts'].includes(fault.kind);
    expect(ofServer.length).toBeGreaterThan(0);
    expect(ofServer.filter(isFatal)).toEqual([]);
  });

  it('knows when its last fault is over', () => {
    expect(endOfFaultsMs([])).toBe(0);
    expect(
      endOfFaultsMs([
        { kind: 'stall', host: 1, atMs: 100, forMs: 50 },
        { kind: 'kill', host: 1, atMs: 100, mode: 'reset', restartAfterMs: 70 },
        { kind: 'kill', host: 1, atMs: 160, mode: 'vanish' },
      ]),
    ).toBe(170);
  });
});
