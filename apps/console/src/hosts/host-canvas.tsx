import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { HOST_STATUSES, type HostRow } from '@gofd/task-model';
import { cssColour } from '../shell/css-colour.ts';
import { useColourScheme } from '../shell/use-colour-scheme.ts';
import { useWidth } from '../shell/use-width.ts';
import { cellAt, indexAfterKey, indexAt, layOutCells, type Cell } from './cell-layout.ts';
import { STATUS_COLOURS } from './cell-look.ts';
import { CellPainter, type Palette } from './cell-painter.ts';

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
  const painter = useRef<CellPainter>(undefined);
  const widthPx = useWidth(holder);
  const scheme = useColourScheme();
  const layout = useMemo(() => layOutCells(rows.length, widthPx), [rows.length, widthPx]);
  const hostList = useMemo(() => rows.map(({ host }) => host).join(' '), [rows]);

  // Another size, other colours or other hosts: an empty canvas and a painter that remembers nothing.
  useLayoutEffect(() => {
    const context = canvas.current && sizeCanvas(canvas.current, layout);
    painter.current = context ? new CellPainter(context, layout, readPalette()) : undefined;
    painter.current?.paint(rows);
  }, [layout, scheme, hostList]);
  useEffect(() => void painter.current?.paint(rows), [rows]);

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
  const style = { left: cell.x - 2, top: cell.y - 2, width: cellPx + 3, height: cellPx + 3 };
  return <div class="cell-frame" style={style} />;
}

/** As many pixels as the screen has; drawn on in those of the page. */
function sizeCanvas(
  canvas: HTMLCanvasElement,
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
): CanvasRenderingContext2D | undefined {
  const ratio = window.devicePixelRatio;
  canvas.width = Math.round(widthPx * ratio);
  canvas.height = Math.round(heightPx * ratio);
  canvas.style.width = `${widthPx}px`;
  canvas.style.height = `${heightPx}px`;
  const context = canvas.getContext('2d') ?? undefined;
  context?.scale(ratio, ratio);
  return context;
}

function readPalette(): Palette {
  const colours = HOST_STATUSES.map((status) => [status, cssColour(STATUS_COLOURS[status])]);
  return { ...Object.fromEntries(colours), cross: cssColour('--ground') } as Palette;
}
