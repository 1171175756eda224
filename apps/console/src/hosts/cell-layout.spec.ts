import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellAt, indexAfterKey, indexAt, layOutCells } from './cell-layout.ts';

const aCount = fc.integer({ min: 1, max: 10_000 });
const aWidth = fc.integer({ min: 40, max: 2_000 });

describe('the layout of cells', () => {
  it('gives few hosts large cells and ten thousand small ones, all in sight', () => {
    expect(layOutCells(3, 800).cellPx).toBe(28);
    expect(layOutCells(10_000, 880)).toMatchObject({ cellPx: 6, heightPx: 414 });
    expect(layOutCells(10_000, 358)).toMatchObject({ cellPx: 4, heightPx: 452 });
  });

  it('puts every cell inside, and finds each again at its place', () => {
    fc.assert(
      fc.property(aCount, aWidth, fc.nat(), (count, width, drawn) => {
        const layout = layOutCells(count, width);
        const index = drawn % count;
        const { x, y } = cellAt(layout, index);
        expect(x + layout.cellPx).toBeLessThanOrEqual(width);
        expect(y + layout.cellPx).toBeLessThanOrEqual(layout.heightPx);
        const middle = { x: x + layout.cellPx / 2, y: y + layout.cellPx / 2 };
        expect(indexAt(layout, count, middle)).toBe(index);
      }),
    );
  });

  it('has nothing beside the cells', () => {
    const layout = layOutCells(3, 100);
    for (const point of [
      { x: -1, y: 5 },
      { x: 5, y: -1 },
      { x: 99, y: 5 },
      { x: 5, y: 40 },
    ]) {
      expect(indexAt(layout, 3, point)).toBeUndefined();
    }
  });

  it('bears a width of nothing, before the page is laid out', () => {
    expect(layOutCells(5, 0).columnCount).toBe(1);
  });
});

describe('the keys', () => {
  const layout = { cellPx: 10, columnCount: 4, widthPx: 40, heightPx: 30 };
  const after = (key: string, index?: number): number | undefined =>
    indexAfterKey(key, layout, 10, index);

  it.each([
    ['ArrowRight', 4, 5],
    ['ArrowLeft', 4, 3],
    ['ArrowDown', 4, 8],
    ['ArrowUp', 4, 0],
    ['Home', 4, 0],
    ['End', 4, 9],
    ['ArrowLeft', 0, 0],
    ['ArrowDown', 8, 9],
  ])('%s leads from %i to %i', (key, from, to) => {
    expect(after(key, from)).toBe(to);
  });

  it('begin at the near end where nothing is chosen', () => {
    expect(after('ArrowRight')).toBe(0);
    expect(after('Home')).toBe(0);
    expect(after('ArrowLeft')).toBe(9);
    expect(after('End')).toBe(9);
  });

  it('that mean nothing here are left to the browser', () => {
    expect(after('Tab', 4)).toBeUndefined();
    expect(indexAfterKey('ArrowRight', layout, 0, undefined)).toBeUndefined();
  });
});
