/**
 * Who runs inside the namespaces of a run, children of children included: read from /proc by the
 * identity of the network namespace. That is what "kill the host" means, and how a run leaves
 * nothing behind. Only processes inside namespaces that the run created are ever signalled.
 */
import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { waitUntil } from '../../cluster/wait-until.ts';

const NAMESPACE_FOLDER = '/run/netns';
/** SIGKILL works at once unless the kernel holds the process, ms. */
const KILL_TIMEOUT_MS = 20_000;

/** As /proc/PID/ns/net shows it; undefined when somebody has removed the namespace. */
export function namespaceIdentity(namespace: string): string | undefined {
  const stat = statSync(`${NAMESPACE_FOLDER}/${namespace}`, { throwIfNoEntry: false });
  return stat && `net:[${stat.ino}]`;
}

/** Kills every process of these namespaces with SIGKILL; does not wait. */
export function killProcessesIn(namespaces: readonly string[]): void {
  for (const pid of processesIn(namespaces)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Ended by itself since it was found.
    }
  }
}

/** Kills until nobody is left; a process that was just starting is found the next time. */
export async function emptyNamespaces(namespaces: readonly string[]): Promise<void> {
  await waitUntil(
    `the end of all processes in ${namespaces.length} namespaces`,
    () => {
      killProcessesIn(namespaces);
      return processesIn(namespaces).length === 0;
    },
    KILL_TIMEOUT_MS,
  );
}

function processesIn(namespaces: readonly string[]): number[] {
  const identities = new Set(namespaces.map(namespaceIdentity));
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      const identity = Number.isInteger(pid) ? networkOf(pid) : undefined;
      return identity !== undefined && identities.has(identity);
    });
}

/** Network namespace of a process; undefined when it has ended. */
export function networkOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined;
  }
}
