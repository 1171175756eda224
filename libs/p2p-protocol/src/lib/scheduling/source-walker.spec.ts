import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPrng, type Prng } from '../kernel/prng.ts';
import {
  HANDSHAKE_RETRIES,
  HANDSHAKE_RETRY_MS,
  MAX_BAD_PIECES_PER_SOURCE,
  REDIAL_FIRST_MS,
  REDIAL_MAX_MS,
} from '../limits/limits.ts';
import { SourceWalker } from './source-walker.ts';

const CHAIN = ['near', 'middle', 'server'];
const LONGEST: Prng = { next: () => 1 - 2 ** -32 };
const SHORTEST: Prng = { next: () => 0 };

function aWalker(addresses: readonly string[] = CHAIN, prng: Prng = createPrng(1)): SourceWalker {
  const walker = new SourceWalker(prng);
  walker.setAddresses(addresses, 1);
  return walker;
}

function ban(walker: SourceWalker, address: string): void {
  for (let count = 0; count < MAX_BAD_PIECES_PER_SOURCE; count++) walker.sentBadPiece(address);
}

/** Back-off after each of `count` failures in a row of the only candidate. */
function delays(prng: Prng, count: number): number[] {
  const walker = aWalker(['only'], prng);
  return Array.from({ length: count }, () => {
    walker.dialFailed('only', 'unreachable', 0);
    return walker.nextDialAtMs() ?? NaN;
  });
}

describe('SourceWalker', () => {
  it('knows nobody before it is told', () => {
    const walker = new SourceWalker(createPrng(1));
    expect(walker.takeNext(0)).toBeUndefined();
    expect(walker.nextDialAtMs()).toBeUndefined();
    expect(walker.hasUsable).toBe(false);
  });

  it('walks up, nearest first, to the server, and comes back to the nearest', () => {
    const walker = aWalker();
    const order: string[] = [];
    for (let step = 0; step < 3; step++) {
      const address = walker.takeNext(0) ?? '';
      order.push(address);
      walker.dialFailed(address, 'unreachable', 0);
    }
    expect(order).toEqual(CHAIN);
    expect(walker.takeNext(0)).toBeUndefined();
    expect(walker.takeNext(REDIAL_FIRST_MS)).toBe('near');
  });

  it('gives each candidate its turn before it comes back, however long a turn takes', () => {
    const chain = ['near', 'second', 'third', 'fourth', 'server'];
    const walker = aWalker(chain, SHORTEST);
    const order: string[] = [];
    for (let turn = 0; turn < 2 * chain.length; turn++) {
      const nowMs = turn * 2 * REDIAL_MAX_MS; // everyone is out of back-off again
      const address = walker.takeNext(nowMs) ?? '';
      order.push(address);
      walker.lost(address, nowMs);
    }
    expect(order).toEqual([...chain, ...chain]);
  });

  it('starts over at the nearest once some upstream proved useful', () => {
    const walker = aWalker(CHAIN, SHORTEST);
    walker.lost('near', 0);
    walker.sentGoodPiece('middle');
    walker.lost('middle', REDIAL_MAX_MS);
    expect(walker.takeNext(REDIAL_MAX_MS)).toBe('near');
  });

  it('comes back to the nearest rather than wait for one that is in back-off', () => {
    const walker = aWalker(['near', 'server'], LONGEST);
    walker.lost('near', 0);
    walker.lost('server', 0);
    walker.lost('near', 1_000);
    walker.sentGoodPiece('nobody');
    for (let count = 0; count < 6; count++) walker.lost('server', 1_000);
    expect(walker.takeNext(2_100)).toBe('near');
  });

  it('doubles the back-off at each failure in a row, up to REDIAL_MAX_MS', () => {
    const longest = delays(LONGEST, 10).map(Math.round);
    expect(longest).toEqual([
      500,
      1_000,
      2_000,
      4_000,
      8_000,
      16_000,
      ...Array<number>(4).fill(REDIAL_MAX_MS),
    ]);
    expect(delays(SHORTEST, 10)).toEqual(Array<number>(10).fill(REDIAL_FIRST_MS / 2));
  });

  it('B29: jitters every delay within its bounds, however many failures', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        delays(createPrng(seed), 40).forEach((delay, failures) => {
          expect(delay).toBeGreaterThanOrEqual(REDIAL_FIRST_MS / 2);
          expect(delay).toBeLessThan(Math.min(REDIAL_MAX_MS, REDIAL_FIRST_MS * 2 ** failures));
        });
      }),
    );
    const second = new Set([1, 2, 3, 4, 5].map((seed) => delays(createPrng(seed), 2)[1]));
    expect(second.size).toBe(5);
  });

  it('starts the back-off over once the upstream sent a good piece', () => {
    const walker = aWalker(['only'], LONGEST);
    for (let count = 0; count < 5; count++) walker.lost('only', 0);
    expect(walker.nextDialAtMs()).toBeCloseTo(8_000);
    walker.sentGoodPiece('only');
    walker.lost('only', 0);
    expect(walker.nextDialAtMs()).toBeCloseTo(REDIAL_FIRST_MS);
  });

  it('tries a refusing upstream HANDSHAKE_RETRIES times before anyone else', () => {
    const walker = aWalker();
    let nowMs = 0;
    for (let retry = 1; retry <= HANDSHAKE_RETRIES; retry++) {
      walker.dialFailed('near', 'refused', nowMs);
      expect(walker.takeNext(nowMs)).toBeUndefined();
      expect(walker.nextDialAtMs()).toBe(nowMs + HANDSHAKE_RETRY_MS * retry);
      nowMs += HANDSHAKE_RETRY_MS * retry;
      expect(walker.takeNext(nowMs)).toBe('near');
    }
    walker.dialFailed('near', 'refused', nowMs);
    expect(walker.takeNext(nowMs)).toBe('middle');
  });

  it('never shortens the back-off of the others while it retries a handshake', () => {
    const walker = aWalker(CHAIN, LONGEST);
    for (let count = 0; count < 5; count++) walker.lost('middle', 0);
    walker.lost('server', 0);
    walker.dialFailed('near', 'refused', 0);
    walker.lost('near', 0);
    expect(walker.takeNext(REDIAL_FIRST_MS)).toBe('near');
    walker.lost('near', 1);
    walker.lost('server', 1);
    expect(walker.takeNext(REDIAL_FIRST_MS)).toBeUndefined();
  });

  it('B27: bans a source after MAX_BAD_PIECES_PER_SOURCE bad pieces, good ones in between or not', () => {
    const walker = aWalker();
    for (let count = 1; count < MAX_BAD_PIECES_PER_SOURCE; count++) {
      walker.sentBadPiece('near');
      walker.sentGoodPiece('near');
    }
    expect(walker.isBanned('near')).toBe(false);
    expect(walker.takeNext(0)).toBe('near');
    walker.sentBadPiece('near');
    walker.lost('near', 0);
    expect(walker.isBanned('near')).toBe(true);
    expect(walker.takeNext(0)).toBe('middle');
  });

  it('B27: is exhausted when every source is banned, and not before', () => {
    const walker = aWalker();
    ban(walker, 'near');
    ban(walker, 'middle');
    expect(walker.hasUsable).toBe(true);
    ban(walker, 'server');
    expect(walker.hasUsable).toBe(false);
    expect(walker.nextDialAtMs()).toBeUndefined();
  });

  it('keeps what it knows of candidates that stay when the chain changes', () => {
    const walker = aWalker();
    ban(walker, 'near');
    walker.lost('server', 0);
    walker.setAddresses(['new', 'near', 'server'], 1);
    expect(walker.takeNext(0)).toBe('new');
    walker.lost('new', 0);
    expect(walker.takeNext(0)).toBeUndefined();
    expect(walker.isBanned('near')).toBe(true);
    expect(walker.isBanned('middle')).toBe(false);
  });

  it('dials an address once though it is listed twice', () => {
    const walker = aWalker(['a', 'a', 'server']);
    walker.dialFailed('a', 'unreachable', 0);
    expect(walker.takeNext(0)).toBe('server');
  });

  it('ignores news of addresses that it does not know', () => {
    const walker = aWalker();
    walker.dialFailed('gone', 'refused', 0);
    walker.lost('gone', 0);
    walker.sentBadPiece('gone');
    walker.sentGoodPiece('gone');
    expect(walker.takeNext(0)).toBe('near');
  });

  it('keeps as many connected as the degree says, and takes a spare for each that is lost', () => {
    const walker = new SourceWalker(createPrng(1));
    walker.setAddresses(['a', 'b', 'c', 'd'], 2);
    expect([walker.takeNext(0), walker.takeNext(0), walker.takeNext(0)]).toEqual([
      'a',
      'b',
      undefined,
    ]);
    walker.connected('a');
    walker.connected('b');
    expect(walker.connectedCount).toBe(2);
    walker.lost('a', 0);
    expect(walker.takeNext(0)).toBe('c');
    walker.dialFailed('c', 'unreachable', 0);
    expect(walker.takeNext(0)).toBe('d');
  });

  it('waits for one that refuses before it takes a spare: it may not have heard of the task', () => {
    const walker = new SourceWalker(createPrng(1));
    walker.setAddresses(['a', 'b', 'spare'], 2);
    walker.takeNext(0);
    walker.takeNext(0);
    walker.dialFailed('a', 'refused', 0);
    expect(walker.takeNext(0)).toBeUndefined();
    expect(walker.takeNext(HANDSHAKE_RETRY_MS)).toBe('a');
  });

  it('does not take an answer from somebody it did not dial', () => {
    const walker = aWalker();
    expect(walker.connected('near')).toBe(false);
    walker.takeNext(0);
    expect(walker.connected('near')).toBe(true);
  });
});
