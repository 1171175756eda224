/**
 * A control group (cgroup v2) that all processes of one run live in: the kernel then counts their
 * CPU time, that of processes which have ended included. Needs no controller, only a writable
 * hierarchy; where there is none the figure is left out.
 */
import { mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { waitUntil } from '../../cluster/wait-until.ts';

export class ProcessGroup {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Below the group of this very process, so that no limit on it is escaped. */
  static create(name: string): ProcessGroup | undefined {
    try {
      const mounts = readFileSync('/proc/self/mounts', 'utf8');
      const mountPoint = /^\S+ (\S+) cgroup2 /m.exec(mounts)?.[1];
      const own = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1];
      if (mountPoint === undefined || own === undefined) return undefined;
      const folder = join(mountPoint, own, name);
      mkdirSync(folder);
      return new ProcessGroup(folder);
    } catch {
      return undefined; // read-only, or none at all
    }
  }

  /** A process that writes its id there has entered. */
  get listPath(): string {
    return join(this.#folder, 'cgroup.procs');
  }

  /** Of all who ever lived in it, s. */
  cpuSeconds(): number {
    return parseUsageSeconds(readFileSync(join(this.#folder, 'cpu.stat'), 'utf8'));
  }

  /** Its processes must have been killed; the last of them may still be on its way out. */
  async remove(): Promise<void> {
    await waitUntil(`the removal of ${this.#folder}`, () => {
      try {
        rmdirSync(this.#folder);
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EBUSY') return false;
        throw error;
      }
    });
  }
}

/** @param text of cpu.stat */
export function parseUsageSeconds(text: string): number {
  return Number(/^usage_usec (\d+)$/m.exec(text)?.[1] ?? 0) / 1e6;
}
