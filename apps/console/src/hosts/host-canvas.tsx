import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { HostRow } from '@gofd/task-model';
import { useColourScheme } from '../shell/use-colour-scheme.ts';
import { useWidth } from '../shell/use-width.ts';
import {
  cellAt,
  indexAfterKey,
  indexAt,
  layOutCells,
  type Cell,
  type CellLayout,
} from './cell-layout.ts';
import { CellPainter, type Palette } from './cell-painter.ts';
import { readPalette } from './cell-palette.ts';

interface Props {
  readonly rows: readonly HostRow[];
  readonly selectedHost: string | undefined;
  readonly onHover: (row: HostRow | undefined) => void;
  readonly onSelect: (host: string) => void;
}

/** One cell a host on one canvas; the pointer and the arrow keys find their way on it. */
export function HostCanvas({ rows, selectedHost, onHover, onSelect }: Props) {
  const holder = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawing = useRef<Drawing>(undefined);
  const widthPx = useWidth(holder);
  const scheme = useColourScheme();
  const layout = useMemo(() => layOutCells(rows.length, widthPx), [rows.length, widthPx]);

  const palette = useMemo(readPalette, [scheme]);

  // Another size or other colours: an empty canvas and a painter that remembers nothing.
  useLayoutEffect(() => {
    drawing.current = canvas.current ? startDrawing(canvas.current, layout, palette) : undefined;
  }, [layout, palette]);
  useLayoutEffect(() => drawing.current?.(rows), [rows, layout, palette]);

  const rowAt = (point: Cell): HostRow | undefined => {
    const index = indexAt(layout, rows.length, point);
    return index === undefined ? undefined : rows[index];
  };
  const index =
    selectedHost === undefined ? -1 : rows.findIndex(({ host }) => host === selectedHost);
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = indexAfterKey(event.key, layout, rows.length, index < 0 ? undefined : index);
    const row = next === undefined ? undefined : rows[next];
    if (!row) return;
    event.preventDefault();
    onSelect(row.host);
  };
  return (
    <div class="cells" ref={holder}>
      <canvas
        ref={canvas}
        tabIndex={0}
        role="application"
        aria-label={`${rows.length} hosts, one cell each; arrow keys choose one`}
        aria-describedby="host-details"
        onKeyDown={onKeyDown}
        onPointerMove={(event) => onHover(rowAt({ x: event.offsetX, y: event.offsetY }))}
        onPointerLeave={() => onHover(undefined)}
        onClick={(event) => {
          const row = rowAt({ x: event.offsetX, y: event.offsetY });
          if (row) onSelect(row.host);
        }}
      />
      {index >= 0 && <CellFrame cell={cellAt(layout, index)} cellPx={layout.cellPx} />}
    </div>
  );
}

function CellFrame({ cell, cellPx }: { readonly cell: Cell; readonly cellPx: number }) {
  const edge = `${cellPx + 3}px`;
  // Moved and not laid out: nothing below it is drawn again.
  const transform = `translate(${cell.x - 2}px, ${cell.y - 2}px)`;
  const style = { width: edge, height: edge, transform };
  return <div class="cell-frame" style={style} />;
}

type Drawing = (rows: readonly HostRow[]) => void;

/** As many pixels as the screen has. @returns what draws hosts on them */
function startDrawing(
  canvas: HTMLCanvasElement,
  layout: CellLayout,
  palette: Palette,
): Drawing | undefined {
  const ratio = window.devicePixelRatio;
  const width = Math.max(1, Math.round(layout.widthPx * ratio));
  const height = Math.max(1, Math.round(layout.heightPx * ratio));
  Object.assign(canvas, { width, height });
  canvas.style.width = `${layout.widthPx}px`;
  canvas.style.height = `${layout.heightPx}px`;
  const context = canvas.getContext('2d');
  if (!context) return undefined;
  const image = context.createImageData(width, height);
  const values = new Uint32Array(image.data.buffer);
  const painter = new CellPainter({ width, height, values }, layout, palette, ratio);
  return (rows) => {
    if (painter.paint(rows) > 0) context.putImageData(image, 0, 0);
  };
}
