/** What this machine lets the runner do. */
import { isOnPath } from '../../bench/peers/installed.ts';
import type { Need } from '../fault.ts';

/** Set by the runner for the copy of itself that lives in namespaces of its own. */
export const ISOLATED_VARIABLE = 'GOFD_FAULTS_ISOLATED';

export function isIsolated(): boolean {
  return process.env[ISOLATED_VARIABLE] === '1';
}

/** Command that runs its arguments in network and mount namespaces of their own, with loopback up. */
export const ISOLATE = [
  'unshare',
  '--net',
  '--mount',
  '--',
  'sh',
  '-c',
  'ip link set lo up && exec "$@"',
  'sh',
];

export function canIsolate(): boolean {
  const isRoot = process.getuid?.() === 0;
  return process.platform === 'linux' && isRoot && isOnPath('unshare') && isOnPath('ip');
}

/** @returns why a fault cannot be run here; undefined when it can */
export function whatIsMissing(need: Need): string | undefined {
  if (process.platform !== 'linux') return 'needs Linux (addresses 127.0.0.0/8)';
  if (need === 'strace' && !isOnPath('strace')) return 'needs strace';
  if (need === 'loopback' || isIsolated()) return undefined;
  return 'needs root, unshare and iproute2';
}
