import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryOrder, entryRank, hashMembers, isEntry } from './rack-entry.ts';

const PIECES = 10_000;

function addressesOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `10.0.0.${index + 1}:45011`);
}

const racks = fc.uniqueArray(fc.ipV4(), { minLength: 1, maxLength: 64, size: 'max' });
const pieces = fc.nat(2 ** 20 - 1);

describe('the entry of a piece', () => {
  it('is one member, the first of the order, and each has one rank', () => {
    fc.assert(
      fc.property(racks, pieces, (addresses, piece) => {
        const hashes = hashMembers(addresses);
        const order = entryOrder(piece, hashes);
        expect(order.toSorted((a, b) => a - b)).toEqual([...addresses.keys()]);
        order.forEach((self, rank) => expect(entryRank(piece, hashes, self)).toBe(rank));
      }),
    );
  });

  it('may fetch at once, and the next in order after each that let its time pass', () => {
    const hashes = hashMembers(addressesOf(5));
    const order = entryOrder(7, hashes);
    const mayFetch = (rank?: number): boolean[] =>
      order.map((self) => isEntry(7, hashes, self, rank));
    expect(mayFetch()).toEqual([true, false, false, false, false]);
    expect(mayFetch(1)).toEqual([true, true, false, false, false]);
    expect(mayFetch(4)).toEqual([true, true, true, true, true]);
  });

  it('depends on the address, not on the place in the list', () => {
    fc.assert(
      fc.property(racks, pieces, (addresses, piece) => {
        const reversed = addresses.toReversed();
        const entry = entryOrder(piece, hashMembers(addresses)).map((index) => addresses[index]);
        const again = entryOrder(piece, hashMembers(reversed)).map((index) => reversed[index]);
        expect(again).toEqual(entry);
      }),
    );
  });

  it('stays the same for all pieces but those of a member that goes', () => {
    fc.assert(
      fc.property(racks, pieces, fc.nat(), (addresses, piece, pick) => {
        const gone = addresses[pick % addresses.length];
        const others = addresses.filter((address) => address !== gone);
        const before = entryOrder(piece, hashMembers(addresses)).map((index) => addresses[index]);
        const after = entryOrder(piece, hashMembers(others)).map((index) => others[index]);
        expect(after).toEqual(before.filter((address) => address !== gone));
      }),
    );
  });

  it.each([
    ['neighbouring IPv4 addresses', addressesOf(40)],
    ['one host, many ports', Array.from({ length: 40 }, (_, n) => `127.0.0.1:${45_000 + n}`)],
    ['IPv6', Array.from({ length: 40 }, (_, n) => `[fd00::${n.toString(16)}]:45011`)],
  ])('falls on each of 40 members about equally often: %s', (_, addresses) => {
    const hashes = hashMembers(addresses);
    for (const place of [0, 1]) {
      const counts = addresses.map(() => 0);
      for (let piece = 0; piece < PIECES; piece++) {
        const member = entryOrder(piece, hashes)[place] ?? -1;
        counts[member] = (counts[member] ?? 0) + 1;
      }
      const expected = PIECES / addresses.length;
      const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
      // 39 degrees of freedom: below 80.1 with a probability of 0.9999.
      expect(chiSquare).toBeLessThan(80.1);
    }
  });

  it('hands the pieces of a lost member to all others', () => {
    const hashes = hashMembers(addressesOf(10));
    const heirs = new Set<number | undefined>();
    for (let piece = 0; piece < 500; piece++) {
      const [entry, next] = entryOrder(piece, hashes);
      if (entry === 0) heirs.add(next);
    }
    expect(heirs.size).toBe(9);
  });

  it('is the first in the list where addresses have the same hash', () => {
    const hashes = Uint32Array.of(5, 5);
    expect(entryOrder(3, hashes)).toEqual([0, 1]);
    expect([0, 1].map((self) => entryRank(3, hashes, self))).toEqual([0, 1]);
  });

  it('is what every version of this code computes', () => {
    const hashes = hashMembers(addressesOf(4));
    expect([...hashes]).toEqual([588863782, 738438255, 1313217504, 3564889932]);
    expect([0, 1, 2, 1_048_575].map((piece) => entryOrder(piece, hashes))).toEqual([
      [2, 1, 0, 3],
      [2, 1, 0, 3],
      [3, 2, 0, 1],
      [3, 1, 0, 2],
    ]);
  });
});
