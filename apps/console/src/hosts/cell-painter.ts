/**
 * Draws the map of hosts into pixels of its own, each time only the cells that look different from
 * before. Ten thousand calls of a canvas take longer than a frame; writing the pixels takes a
 * millisecond, and one call shows them.
 */
import type { HostRow, HostStatus } from '@gofd/task-model';
import { cellAt, type CellLayout } from './cell-layout.ts';
import { keyOf, lookOf, type CellLook } from './cell-look.ts';

/** As four bytes in the order of an ImageData; pale ones are for what a host does not have yet. */
export type Palette = Readonly<Record<HostStatus | 'pale' | 'cross', number>>;

/** Pixels of the screen, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly values: Uint32Array;
}

const GAP_PX = 1;

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export class CellPainter {
  readonly #pixels: Pixels;
  readonly #layout: CellLayout;
  readonly #palette: Palette;
  readonly #ratio: number;
  /** Rows as they were last seen: most are the same objects each time. */
  #seen: readonly HostRow[] = [];
  readonly #drawn: string[] = [];

  /** @param ratio pixels of the screen for one of the layout */
  constructor(pixels: Pixels, layout: CellLayout, palette: Palette, ratio = 1) {
    this.#pixels = pixels;
    this.#layout = layout;
    this.#palette = palette;
    this.#ratio = ratio;
  }

  /** @returns how many cells were drawn */
  paint(rows: readonly HostRow[]): number {
    const insidePx = this.#layout.cellPx - GAP_PX;
    let drawnCount = 0;
    const seen = this.#seen;
    this.#seen = rows;
    for (let index = 0; index < rows.length; index += 1) {
      const row = rows[index];
      if (!row || row === seen[index]) continue;
      const look = lookOf(row, insidePx);
      const key = keyOf(look);
      if (this.#drawn[index] === key) continue;
      this.#drawn[index] = key;
      this.#paintCell(index, look, insidePx);
      drawnCount += 1;
    }
    return drawnCount;
  }

  #paintCell(index: number, look: CellLook, insidePx: number): void {
    const { x, y } = cellAt(this.#layout, index);
    const box = this.#onScreen(x, y, x + insidePx, y + insidePx);
    const surface = this.#onScreen(x, y + insidePx - look.filledPx, x, y).top;
    this.#fill({ ...box, bottom: surface }, this.#palette.pale);
    this.#fill({ ...box, top: surface }, this.#palette[look.status]);
    if (look.hasCross) this.#cross(box);
  }

  #fill({ left, top, right, bottom }: Box, colour: number): void {
    const { width, values } = this.#pixels;
    // Cells are a few pixels wide: a call of `fill` for each line would cost more than the line.
    for (let y = top; y < bottom; y += 1) {
      const end = y * width + right;
      for (let at = y * width + left; at < end; at += 1) values[at] = colour;
    }
  }

  /** Both diagonals of the inner half, two pixels wide. */
  #cross({ left, top, right, bottom }: Box): void {
    const size = Math.min(right - left, bottom - top);
    const margin = Math.round(size / 4);
    for (let step = margin; step < size - margin; step += 1) {
      for (const x of [left + step, right - 1 - step]) {
        this.#fill(
          { left: x, right: x + 2, top: top + step, bottom: top + step + 1 },
          this.#palette.cross,
        );
      }
    }
  }

  #onScreen(left: number, top: number, right: number, bottom: number): Box {
    const { width, height } = this.#pixels;
    const scaled = (value: number, most: number): number =>
      Math.min(most, Math.round(value * this.#ratio));
    return {
      left: scaled(left, width),
      top: scaled(top, height),
      right: scaled(right, width),
      bottom: scaled(bottom, height),
    };
  }
}
