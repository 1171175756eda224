import { describe, expect, it } from 'vitest';
import { turns } from './bench-session.ts';
import type { PeerKind } from './peers/peer.ts';
import { parseWorkload, type Workload } from './workloads.ts';

function aKind(name: string, refusal?: PeerKind['refusal']): PeerKind {
  return {
    name,
    what: name,
    findMissing: () => Promise.resolve(undefined),
    create: () => {
      throw new Error('nobody is started here');
    },
    ...(refusal && { refusal }),
  };
}

const order = (workload: string, kinds: PeerKind[], rounds: number): string[] =>
  turns(parseWorkload(workload) as Workload, kinds, rounds).map(
    ({ round, kind }) => `${round}${kind.name}`,
  );

describe('turns', () => {
  it('lets every peer run once a round, in the same order', () => {
    expect(
      order(
        '3:0:1',
        ['a', 'b', 'c'].map((name) => aKind(name)),
        2,
      ),
    ).toEqual(['1a', '1b', '1c', '2a', '2b', '2c']);
  });

  it('leaves out who says nothing about a workload', () => {
    const picky = aKind('b', ({ kills }) => (kills.length > 0 ? 'dies' : undefined));
    expect(order('3:0:1:kill=1@1', [aKind('a'), picky], 1)).toEqual(['1a']);
    expect(order('3:0:1', [aKind('a'), picky], 1)).toEqual(['1a', '1b']);
  });
});
