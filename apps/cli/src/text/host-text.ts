/** Rows of hosts and agents as tables. */
import type { AgentRow, HostRow, HostStatus } from '@gofd/task-model';
import { formatBytes, formatPercent, formatRate } from './quantities.ts';
import { tableLines } from './table.ts';
import { printable } from './terminal-text.ts';

/** @param states that were asked for; all without */
export function hostTable(rows: readonly HostRow[], states?: readonly HostStatus[]): string[] {
  if (rows.length === 0) return [states ? `no host is ${states.join(' or ')}` : 'no hosts'];
  const head = ['HOST', 'STATUS', 'DONE', 'RATE', 'WHY'];
  const cells = rows.map((row) => [
    printable(row.host),
    row.status,
    formatPercent(row.percentComplete).padStart(7),
    row.bytesPerSecond === undefined ? '-' : formatRate(row.bytesPerSecond),
    printable([row.code, whyText(row)].filter((part) => part).join(': ')),
  ]);
  return tableLines([head, ...cells]);
}

/** The sentence of the failure, and what was measured. */
export function whyText({
  message,
  explanation,
}: {
  readonly message?: string;
  readonly explanation?: string;
}): string {
  if (message === undefined || explanation === undefined) return message ?? explanation ?? '';
  return `${message} (${explanation})`;
}

export function agentTable(agents: readonly AgentRow[]): string[] {
  const head = ['NAME', 'ADDRESS', 'ALIVE', 'VERSION', 'FREE', 'ZONE', 'LABELS', 'LAST SEEN'];
  const rows = agents.map((agent) => [
    printable(agent.name),
    printable(agent.address),
    agent.isAlive ? 'yes' : 'no',
    printable(agent.version),
    formatBytes(agent.freeBytes),
    printable(agent.zone ?? '-'),
    printable(labelsText(agent) || '-'),
    printable(agent.lastSeenAt),
  ]);
  return tableLines([head, ...rows]);
}

function labelsText({ labels = {} }: AgentRow): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}
