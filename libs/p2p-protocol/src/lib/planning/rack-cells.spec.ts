import { expect, it } from 'vitest';
import type { SwarmMember } from './plan.ts';
import { divideIntoCells, MAX_CELL_MEMBERS } from './rack-cells.ts';

function inRacks(...racks: readonly (string | undefined)[]): SwarmMember[] {
  return racks.map((rack, index) => ({ address: `10.0.0.${index}:45011`, rack }));
}

it('sees no border when nobody has a rack, or all have the same', () => {
  expect(divideIntoCells(inRacks(undefined, undefined))).toEqual([
    { rack: undefined, members: [0, 1] },
  ]);
  expect(divideIntoCells(inRacks('a', 'a'))).toEqual([{ rack: undefined, members: [0, 1] }]);
  expect(divideIntoCells([])).toEqual([]);
});

it('puts each rack into a cell, and the hosts without one into another', () => {
  expect(divideIntoCells(inRacks('a', undefined, 'b', 'a', undefined))).toEqual([
    { rack: 'a', members: [0, 3] },
    { rack: '', members: [1, 4] },
    { rack: 'b', members: [2] },
  ]);
});

it('cuts a rack of more than MAX_CELL_MEMBERS hosts into equal parts', () => {
  const sizesOf = (hosts: number): number[] => {
    const racks = [...Array.from({ length: hosts }, () => 'a'), 'b'];
    const cells = divideIntoCells(inRacks(...racks));
    expect(cells.flatMap(({ members }) => members)).toEqual([...racks.keys()]);
    expect(cells.slice(0, -1).every(({ rack }) => rack === 'a')).toBe(true);
    return cells.map(({ members }) => members.length);
  };
  expect(sizesOf(MAX_CELL_MEMBERS)).toEqual([64, 1]);
  expect(sizesOf(MAX_CELL_MEMBERS + 1)).toEqual([33, 32, 1]);
  expect(sizesOf(2 * MAX_CELL_MEMBERS + 1)).toEqual([43, 43, 43, 1]);
});

it('does not cut a swarm without a border, however large', () => {
  const racks = Array.from({ length: 3 * MAX_CELL_MEMBERS }, () => 'a');
  expect(divideIntoCells(inRacks(...racks))).toHaveLength(1);
});
