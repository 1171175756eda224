import type { HostStatus, TaskStatus } from '@gofd/task-model';
import { STATUS_WORDS } from '../text/status-words.ts';

export function StatusBadge({ status }: { readonly status: TaskStatus | HostStatus }) {
  return <span class={`badge ${status.toLowerCase()}`}>{STATUS_WORDS[status]}</span>;
}
