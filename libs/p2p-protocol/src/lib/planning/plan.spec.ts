import { describe, expect, it } from 'vitest';
import { createPrng } from '../kernel/prng.ts';
import { MAX_CHAIN_SOURCES, planChain, planDirect, type SwarmMember } from './plan.ts';

function membersOf(count: number): SwarmMember[] {
  return Array.from({ length: count }, (_, index) => ({ address: `10.0.0.${index}:45011` }));
}

describe('planChain', () => {
  it('lets each member pull from the one before it, and from those further up as spares', () => {
    const plans = planChain(membersOf(3), createPrng(1));
    expect([...plans]).toEqual([
      ['10.0.0.0:45011', { sources: [], degree: 1 }],
      ['10.0.0.1:45011', { sources: ['10.0.0.0:45011'], degree: 1 }],
      ['10.0.0.2:45011', { sources: ['10.0.0.1:45011', '10.0.0.0:45011'], degree: 1 }],
    ]);
  });

  it('names MAX_CHAIN_SOURCES sources, and no more further down', () => {
    const plans = planChain(membersOf(MAX_CHAIN_SOURCES + 2), createPrng(1));
    const counts = [...plans.values()].map(({ sources }) => sources.length);
    expect(counts).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 8]);
    expect(plans.get('10.0.0.9:45011')?.sources.at(-1)).toBe('10.0.0.1:45011');
  });
});

it('planDirect names no sources: everything comes from the origin', () => {
  const plans = planDirect(membersOf(2), createPrng(1));
  expect([...plans.values()]).toEqual([
    { sources: [], degree: 0 },
    { sources: [], degree: 0 },
  ]);
});
