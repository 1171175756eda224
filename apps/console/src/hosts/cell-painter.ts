/** Draws the map of hosts, each time only the cells that look different from before. */
import type { HostRow, HostStatus } from '@gofd/task-model';
import { cellAt, type CellLayout } from './cell-layout.ts';
import { keyOf, lookOf, type CellLook } from './cell-look.ts';

/** What it needs of a canvas. */
export type Surface = Pick<
  CanvasRenderingContext2D,
  | 'beginPath'
  | 'clearRect'
  | 'fillRect'
  | 'fillStyle'
  | 'globalAlpha'
  | 'lineTo'
  | 'moveTo'
  | 'stroke'
  | 'strokeStyle'
>;

export type Palette = Readonly<Record<HostStatus | 'cross', string>>;

const GAP_PX = 1;
const PALE_ALPHA = 0.3;

export class CellPainter {
  readonly #surface: Surface;
  readonly #layout: CellLayout;
  readonly #palette: Palette;
  readonly #drawn: string[] = [];

  /** @param surface empty, in the layout's pixels */
  constructor(surface: Surface, layout: CellLayout, palette: Palette) {
    this.#surface = surface;
    this.#layout = layout;
    this.#palette = palette;
  }

  /** @returns how many cells were drawn */
  paint(rows: readonly HostRow[]): number {
    const insidePx = this.#layout.cellPx - GAP_PX;
    let drawnCount = 0;
    for (const [index, row] of rows.entries()) {
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
    const surface = this.#surface;
    surface.clearRect(x, y, insidePx, insidePx);
    surface.fillStyle = this.#palette[look.status];
    if (look.filledPx < insidePx) {
      surface.globalAlpha = PALE_ALPHA;
      surface.fillRect(x, y, insidePx, insidePx - look.filledPx);
      surface.globalAlpha = 1;
    }
    surface.fillRect(x, y + insidePx - look.filledPx, insidePx, look.filledPx);
    if (look.hasCross) this.#paintCross(x, y, insidePx);
  }

  #paintCross(x: number, y: number, insidePx: number): void {
    const [near, far] = [insidePx * 0.25, insidePx * 0.75];
    const surface = this.#surface;
    surface.strokeStyle = this.#palette.cross;
    surface.beginPath();
    surface.moveTo(x + near, y + near);
    surface.lineTo(x + far, y + far);
    surface.moveTo(x + far, y + near);
    surface.lineTo(x + near, y + far);
    surface.stroke();
  }
}
