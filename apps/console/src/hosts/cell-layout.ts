/** Where the cell of each host lies: rows from left to right, all cells alike, no space wasted. */

/** Cells are as large as this allows; with very many hosts the map grows beyond it. */
const IDEAL_HEIGHT_PX = 440;
const MIN_CELL_PX = 4;
const MAX_CELL_PX = 28;

export interface CellLayout {
  /** Edge of a cell, the gap to its neighbour included. */
  readonly cellPx: number;
  readonly columnCount: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

export interface Cell {
  readonly x: number;
  readonly y: number;
}

export function layOutCells(cellCount: number, widthPx: number): CellLayout {
  let cellPx = MAX_CELL_PX;
  while (cellPx > MIN_CELL_PX && heightOf(cellCount, widthPx, cellPx) > IDEAL_HEIGHT_PX)
    cellPx -= 1;
  const columnCount = columnsOf(widthPx, cellPx);
  return { cellPx, columnCount, widthPx, heightPx: heightOf(cellCount, widthPx, cellPx) };
}

export function cellAt({ columnCount, cellPx }: CellLayout, index: number): Cell {
  return { x: (index % columnCount) * cellPx, y: Math.floor(index / columnCount) * cellPx };
}

/** @returns index of the cell at this point; undefined beside all cells */
export function indexAt(
  { columnCount, cellPx }: CellLayout,
  cellCount: number,
  { x, y }: Cell,
): number | undefined {
  const column = Math.floor(x / cellPx);
  const index = Math.floor(y / cellPx) * columnCount + column;
  const isInside = column >= 0 && column < columnCount && index >= 0 && index < cellCount;
  return isInside ? index : undefined;
}

const STEPS: Readonly<Record<string, (columnCount: number) => number>> = {
  ArrowLeft: () => -1,
  ArrowRight: () => 1,
  ArrowUp: (columnCount) => -columnCount,
  ArrowDown: (columnCount) => columnCount,
  Home: () => -Infinity,
  End: () => Infinity,
};

/** @returns where a key leads; undefined for a key that leads nowhere */
export function indexAfterKey(
  key: string,
  { columnCount }: CellLayout,
  cellCount: number,
  index: number | undefined,
): number | undefined {
  const step = STEPS[key]?.(columnCount);
  if (step === undefined || cellCount === 0) return undefined;
  if (index === undefined && Number.isFinite(step)) return step > 0 ? 0 : cellCount - 1;
  return Math.min(cellCount - 1, Math.max(0, (index ?? 0) + step));
}

function columnsOf(widthPx: number, cellPx: number): number {
  return Math.max(1, Math.floor(widthPx / cellPx));
}

function heightOf(cellCount: number, widthPx: number, cellPx: number): number {
  return Math.ceil(cellCount / columnsOf(widthPx, cellPx)) * cellPx;
}
