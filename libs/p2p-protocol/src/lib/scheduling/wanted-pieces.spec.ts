import { describe, expect, it } from 'vitest';
import { Bitfield } from '../codec/bitfield.ts';
import { WantedPieces } from './wanted-pieces.ts';

const PIECES = 200;
const MEMBERS = ['a:1', 'b:1', 'c:1', 'd:1'];
const INSIDE = { isOutside: false };
const OUTSIDE = { isOutside: true };

function allWanted(self?: number): WantedPieces {
  const wanted = new WantedPieces(Bitfield.full(PIECES));
  wanted.setRack(self === undefined ? undefined : { members: MEMBERS, self });
  return wanted;
}

function across(wanted: WantedPieces): number[] {
  return [...wanted.of(OUTSIDE).pieces()];
}

describe('wanted pieces without a rack', () => {
  it('may be asked of every source', () => {
    const wanted = allWanted();
    expect(wanted.isOutside('x:1')).toBe(false);
    expect(across(wanted)).toHaveLength(PIECES);
    expect(wanted.canWiden).toBe(false);
  });
});

describe('wanted pieces in a rack', () => {
  it('cross the border for exactly one member each, and for each member about as many', () => {
    const perMember = MEMBERS.map((_, self) => across(allWanted(self)));
    expect(perMember.flat().sort((a, b) => a - b)).toEqual([...Bitfield.full(PIECES).pieces()]);
    for (const pieces of perMember) expect(pieces.length).toBeGreaterThan(PIECES / 8);
  });

  it('may all be asked of sources inside', () => {
    expect(allWanted(0).of(INSIDE).count).toBe(PIECES);
  });

  it('tell members from others', () => {
    const wanted = allWanted(0);
    expect(MEMBERS.map((address) => wanted.isOutside(address))).not.toContain(true);
    expect(wanted.isOutside('e:1')).toBe(true);
  });

  it('do not cross while a source inside has them, and do again when that is gone', () => {
    const wanted = allWanted(0);
    const [piece = -1, other = -1] = across(wanted);
    wanted.insideGained(piece);
    expect(across(wanted)).not.toContain(piece);
    const both = Bitfield.empty(PIECES);
    both.add(piece);
    both.add(other);
    wanted.insideGainedAll(both);
    wanted.insideLost(piece);
    expect(across(wanted)).not.toContain(piece);
    wanted.insideLostAll(both);
    expect(across(wanted)).toEqual(expect.arrayContaining([piece, other]));
  });

  it('are left out once they are under way, and back when they are wanted again', () => {
    const wanted = allWanted(0);
    const [piece = -1] = across(wanted);
    wanted.delete(piece);
    expect(across(wanted)).not.toContain(piece);
    wanted.insideGained(piece);
    wanted.insideLost(piece);
    expect(across(wanted)).not.toContain(piece);
    wanted.add(piece);
    expect(across(wanted)).toContain(piece);
  });

  it('become ours to fetch one entry after the other, all of them in the end', () => {
    const wanted = allWanted(0);
    const counts = [across(wanted).length];
    while (wanted.canWiden) {
      wanted.widen();
      counts.push(across(wanted).length);
    }
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(counts.at(-1)).toBe(PIECES);
    expect(counts).toHaveLength(MEMBERS.length + 1);
  });
});
