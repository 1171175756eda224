import { useMemo, useState } from 'preact/hooks';
import type { HostCounts, HostRow, HostStatus } from '@gofd/task-model';
import { HostCanvas } from './host-canvas.tsx';
import { HostDetails } from './host-details.tsx';
import { HostFilter } from './host-filter.tsx';

interface Props {
  readonly rows: readonly HostRow[];
  readonly positionOf: ReadonlyMap<string, number>;
  readonly counts: HostCounts;
  readonly selectedHost: string | undefined;
  readonly onSelect: (host: string) => void;
}

/** All hosts of a task at once, and one of them closely. */
export function HostMap({ rows, positionOf, counts, selectedHost, onSelect }: Props) {
  const [status, setStatus] = useState<HostStatus>();
  const [hoveredHost, setHoveredHost] = useState<string>();
  const shown = useMemo(
    () => (status === undefined ? rows : rows.filter((row) => row.status === status)),
    [rows, status],
  );
  const rowOf = (host: string | undefined): HostRow | undefined =>
    host === undefined ? undefined : rows[positionOf.get(host) ?? -1];
  return (
    <section aria-labelledby="hosts-title">
      <h2 id="hosts-title">Hosts</h2>
      <HostFilter counts={counts} status={status} onChange={setStatus} />
      <FindHost rows={rows} onFound={onSelect} />
      <div class="hosts">
        <HostCanvas
          rows={shown}
          selectedHost={selectedHost}
          onHover={(row) => setHoveredHost(row?.host)}
          onSelect={onSelect}
        />
        <HostDetails row={rowOf(hoveredHost) ?? rowOf(selectedHost)} />
      </div>
    </section>
  );
}

interface FindProps {
  readonly rows: readonly HostRow[];
  readonly onFound: (host: string) => void;
}

function FindHost({ rows, onFound }: FindProps) {
  const find = (text: string): void => {
    const found = text && rows.find(({ host }) => host.includes(text));
    if (found) onFound(found.host);
  };
  return (
    <label class="inline">
      Find host{' '}
      <input
        type="search"
        spellcheck={false}
        onInput={(event) => find(event.currentTarget.value.trim())}
      />
    </label>
  );
}
