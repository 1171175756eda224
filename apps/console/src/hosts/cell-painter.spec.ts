import { describe, expect, it } from 'vitest';
import { aHostRow } from '../../test/a-host-row.ts';
import { CellPainter, type Palette, type Pixels } from './cell-painter.ts';
import { layOutCells } from './cell-layout.ts';
import { lookOf } from './cell-look.ts';

const PALETTE: Palette = {
  INIT: 1,
  INPROGRESS: 2,
  COMPLETED: 3,
  FAILED: 4,
  CANCELLED: 5,
  pale: 6,
  cross: 7,
};

/** One column of cells of 28 pixels. */
function aCanvas(rowCount: number): { pixels: Pixels; painter: CellPainter } {
  const layout = layOutCells(rowCount, 28);
  const pixels = { width: 28, height: 28 * rowCount, values: new Uint32Array(28 * 28 * rowCount) };
  return { pixels, painter: new CellPainter(pixels, layout, PALETTE) };
}

/** Colours of one column of pixels from the top, each as often as it comes. */
function columnOf({ width, values }: Pixels, x: number): Record<number, number> {
  const counts: Record<number, number> = {};
  for (let at = x; at < values.length; at += width) {
    const colour = values[at] ?? 0;
    counts[colour] = (counts[colour] ?? 0) + 1;
  }
  return counts;
}

describe('the map of hosts', () => {
  it('fills a cell as far as its host is, and wholly when it is done', () => {
    const { pixels, painter } = aCanvas(2);
    painter.paint([
      aHostRow('a', { percentComplete: 33.4 }),
      aHostRow('b', { status: 'COMPLETED', percentComplete: 100 }),
    ]);
    // 27 pixels a cell, then the gap.
    expect(columnOf(pixels, 0)).toEqual({ 6: 18, 2: 9, 3: 27, 0: 2 });
  });

  it('marks a failed host with more than a colour, if there is space', () => {
    const { pixels, painter } = aCanvas(1);
    painter.paint([aHostRow('a', { status: 'FAILED' })]);
    expect([...pixels.values]).toContain(PALETTE.cross);
    expect(lookOf({ status: 'FAILED', percentComplete: 0 }, 4).hasCross).toBe(false);
  });

  it('draws again only what looks different', () => {
    const { painter } = aCanvas(3);
    const rows = [1, 2, 3].map((percentComplete) =>
      aHostRow(`h${percentComplete}`, { percentComplete }),
    );
    expect(painter.paint(rows)).toBe(3);
    expect(painter.paint(rows)).toBe(0);
    expect(painter.paint(rows.with(1, aHostRow('h2', { percentComplete: 2.001 })))).toBe(0);
    expect(painter.paint(rows.with(1, aHostRow('h2', { status: 'FAILED' })))).toBe(1);
  });

  it('never shows what is nearly done as done', () => {
    const nearly = lookOf({ status: 'INPROGRESS', percentComplete: 99.99 }, 5);
    expect(nearly.filledPx).toBe(4);
  });
});
