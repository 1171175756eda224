import type { HostRow } from '@gofd/task-model';
import { StatusBadge } from '../tasks/status-badge.tsx';
import { formatBytes, formatMoment, formatPercent, formatRate } from '../text/quantities.ts';

/** One host closely: how far, how fast, who feeds it, and why it is late or failed. */
export function HostDetails({ row }: { readonly row: HostRow | undefined }) {
  return (
    <div id="host-details" class="host-details" aria-live="polite">
      {row ? <Details row={row} /> : <p>Point at a host, or choose one with the arrow keys.</p>}
    </div>
  );
}

function Details({ row }: { readonly row: HostRow }) {
  const { host, status, code, message, explanation, zone, sources = [] } = row;
  return (
    <>
      <h3>
        {host} <StatusBadge status={status} />
      </h3>
      <p>
        {formatPercent(row.percentComplete)}
        {status === 'INPROGRESS' && `, ${formatRate(row.bytesPerSecond)}`}, attempt {row.attempt}
        {zone !== undefined && `, zone ${zone}`}
      </p>
      {code !== undefined && (
        <p class="refusal">
          <code>{code}</code> {message}
        </p>
      )}
      {explanation !== undefined && explanation !== message && <p>{explanation}</p>}
      {sources.length > 0 && (
        <>
          <h4>Fed by</h4>
          <ul>
            {sources.map((source) => (
              <li key={source.host}>
                {source.host} <small>{formatBytes(source.bytes)}</small>
              </li>
            ))}
          </ul>
        </>
      )}
      <small>Changed {formatMoment(row.updatedAt)}</small>
    </>
  );
}
