import { useMemo } from 'preact/hooks';
import type { HostRow } from '@gofd/task-model';
import { useSlowly } from '../live/use-slowly.ts';
import { formatBytes, formatCount } from '../text/quantities.ts';
import {
  buildSwarm,
  rankSwarm,
  SERVER_NAME,
  type SwarmEdge,
  type SwarmNode,
} from './swarm-graph.ts';

const COLUMN_PX = 130;
const LINE_PX = 26;
const MARGIN_PX = 20;
/** Ranking many hosts takes its time, so with many it is done less often. */
const MIN_REDRAW_INTERVAL_MS = 1_000;
const REDRAW_INTERVAL_MS_PER_HOST = 0.5;
const FOLLOW_MS = 150;
const MAX_LABEL_CHARS = 15;

interface Props {
  readonly rows: readonly HostRow[];
  readonly selectedHost: string | undefined;
  readonly onSelect: (host: string) => void;
}

/** Who feeds whom: the wider a line, the more of what a host has came that way. */
export function SwarmPicture({ rows, selectedHost, onSelect }: Props) {
  const intervalMs = Math.max(MIN_REDRAW_INTERVAL_MS, rows.length * REDRAW_INTERVAL_MS_PER_HOST);
  const slowRows = useSlowly(rows, intervalMs);
  // A choice is shown on the map first; the picture follows when the hand rests.
  const chosenHost = useSlowly(selectedHost, FOLLOW_MS);
  const ranking = useMemo(() => rankSwarm(slowRows), [slowRows]);
  const { nodes, edges, hostCount } = useMemo(
    () => buildSwarm(ranking, chosenHost),
    [ranking, chosenHost],
  );
  // The same element is not compared again with each update of the page.
  const picture = useMemo(
    () => edges.length > 0 && <Picture {...{ nodes, edges, onSelect }} selectedHost={chosenHost} />,
    [nodes, edges, chosenHost, onSelect],
  );
  const drawnCount = new Set(edges.map(({ to }) => to)).size;
  return (
    <section aria-labelledby="swarm-title">
      <h2 id="swarm-title">Who feeds whom</h2>
      {edges.length === 0 ? (
        <p>No host has reported a source yet.</p>
      ) : (
        <>
          {drawnCount < hostCount && (
            <p>
              {drawnCount} of {formatCount(hostCount)} hosts: the selected one and those that move
              most.
            </p>
          )}
          {picture}
        </>
      )}
    </section>
  );
}

interface PictureProps extends Pick<Props, 'selectedHost' | 'onSelect'> {
  readonly nodes: readonly SwarmNode[];
  readonly edges: readonly SwarmEdge[];
}

function Picture({ nodes, edges, selectedHost, onSelect }: PictureProps) {
  const nodeOf = new Map(nodes.map((node) => [node.name, node]));
  const width = (Math.max(...nodes.map(({ level }) => level)) + 1) * COLUMN_PX + MARGIN_PX;
  const height = Math.max(...nodes.map(({ place }) => place + 1)) * LINE_PX + MARGIN_PX;
  return (
    <div class="swarm" tabIndex={0} role="region" aria-label="Picture of the swarm">
      <svg width={width} height={height} role="img" aria-label={describe(edges)}>
        {edges.map(({ from, to, share, bytes }) => (
          <path
            key={`${from} ${to}`}
            class={from === selectedHost || to === selectedHost ? 'edge near' : 'edge'}
            d={curve(nodeOf.get(from), nodeOf.get(to))}
            stroke-width={0.5 + 3 * share}
          >
            <title>{`${from} gave ${to} ${formatBytes(bytes)}`}</title>
          </path>
        ))}
        {nodes.map((node) => (
          <g
            key={node.name}
            class={`node ${(node.status ?? SERVER_NAME).toLowerCase()}`}
            onClick={() => node.status && onSelect(node.name)}
          >
            <circle cx={xOf(node)} cy={yOf(node)} r={node.name === selectedHost ? 7 : 5} />
            <text x={xOf(node) + 9} y={yOf(node) + 4}>
              {shortened(node.name)}
            </text>
            <title>{node.name}</title>
          </g>
        ))}
      </svg>
    </div>
  );
}

function xOf({ level }: SwarmNode): number {
  return MARGIN_PX + level * COLUMN_PX;
}

function yOf({ place }: SwarmNode): number {
  return MARGIN_PX + place * LINE_PX;
}

function curve(from: SwarmNode | undefined, to: SwarmNode | undefined): string {
  if (!from || !to) return '';
  const [x1, y1, x2, y2] = [xOf(from), yOf(from), xOf(to), yOf(to)];
  // Hosts of one column would lie on one line: their curve leaves it to the left.
  const bend = x1 === x2 ? x1 - COLUMN_PX / 3 : (x1 + x2) / 2;
  return `M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}`;
}

function describe(edges: readonly SwarmEdge[]): string {
  const main = edges.toSorted((a, b) => b.bytes - a.bytes).slice(0, 5);
  return main.map(({ from, to, bytes }) => `${from} gave ${to} ${formatBytes(bytes)}`).join('; ');
}

function shortened(name: string): string {
  return name.length <= MAX_LABEL_CHARS ? name : `…${name.slice(1 - MAX_LABEL_CHARS)}`;
}
