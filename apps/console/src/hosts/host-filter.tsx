import { HOST_STATUSES, type HostCounts, type HostStatus } from '@gofd/task-model';
import { formatCount } from '../text/quantities.ts';
import { STATUS_WORDS } from '../text/status-words.ts';

const COUNT_OF: Readonly<Record<HostStatus, keyof HostCounts>> = {
  INIT: 'waiting',
  INPROGRESS: 'inProgress',
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
};

interface Props {
  readonly counts: HostCounts;
  /** All when undefined. */
  readonly status: HostStatus | undefined;
  readonly onChange: (status: HostStatus | undefined) => void;
}

/** How many hosts are in which state; a press shows them alone. It is the legend of the map, too. */
export function HostFilter({ counts, status, onChange }: Props) {
  return (
    <div class="filter" role="group" aria-label="Hosts by state">
      <button type="button" aria-pressed={status === undefined} onClick={() => onChange(undefined)}>
        all {formatCount(counts.total)}
      </button>
      {HOST_STATUSES.map((known) => (
        <button
          key={known}
          type="button"
          aria-pressed={status === known}
          onClick={() => onChange(status === known ? undefined : known)}
        >
          <span class={`swatch ${known.toLowerCase()}`} /> {STATUS_WORDS[known]}{' '}
          {formatCount(counts[COUNT_OF[known]])}
        </button>
      ))}
    </div>
  );
}
