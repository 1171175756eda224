/** A task that never ends and its hosts, made up: enough of everything that the console draws. */
import type { HostCounts, HostRow, HostStatus, TaskSummary } from '@gofd/task-model';

const MIB = 2 ** 20;
const TOTAL_BYTES = 4_096 * MIB;
/** Fed by the server itself; all others by hosts before them. */
const FIRST_HOSTS = 4;
const CREATED_MS = Date.now() - 754_000;

export interface FleetShape {
  readonly hostCount: number;
  /** Share of the hosts that have all, that failed, and that wait. */
  readonly completed: number;
  readonly failed: number;
  readonly waiting: number;
}

export class FakeFleet {
  readonly taskId: string;
  readonly rows: HostRow[];
  #seed = 1;

  constructor(taskId: string, { hostCount, completed, failed, waiting }: FleetShape) {
    this.taskId = taskId;
    this.rows = Array.from({ length: hostCount }, (_, index) => {
      const drawn = this.#draw();
      if (drawn < failed) return this.#failedRow(index);
      if (drawn < failed + completed) return this.#row(index, 'COMPLETED', 100);
      if (drawn < failed + completed + waiting) return this.#row(index, 'INIT', 0);
      return this.#row(index, 'INPROGRESS', 5 + 80 * this.#draw());
    });
  }

  /** @returns as many rows, changed; a host that has come near its end begins again */
  change(count: number): HostRow[] {
    return Array.from({ length: count }, () => {
      const index = Math.floor(this.#draw() * this.rows.length);
      const before = this.rows[index]?.percentComplete ?? 0;
      const row = this.#row(index, 'INPROGRESS', before > 95 ? 1 : before + this.#draw());
      this.rows[index] = row;
      return row;
    });
  }

  summary(): TaskSummary {
    const percents = this.rows.map(({ percentComplete }) => percentComplete);
    return {
      id: this.taskId,
      status: 'INPROGRESS',
      attempt: 1,
      createdAt: new Date(CREATED_MS).toISOString(),
      startedAt: new Date(CREATED_MS).toISOString(),
      totalBytes: TOTAL_BYTES,
      serverSentBytes: Math.round(0.71 * TOTAL_BYTES),
      hostCounts: this.#hostCounts(),
      files: [{ name: 'image-2026.11.tar', length: TOTAL_BYTES }],
      fileCount: 1,
      percentComplete: percents.reduce((sum, percent) => sum + percent, 0) / percents.length,
      bytesPerSecond: this.rows.length * 40 * MIB * (0.9 + 0.2 * this.#draw()),
      etaSeconds: 94,
      speed: 100,
    };
  }

  #hostCounts(): HostCounts {
    const count = (status: HostStatus): number =>
      this.rows.filter((row) => row.status === status).length;
    return {
      total: this.rows.length,
      waiting: count('INIT'),
      inProgress: count('INPROGRESS'),
      completed: count('COMPLETED'),
      failed: count('FAILED'),
      cancelled: 0,
    };
  }

  #row(index: number, status: HostStatus, percentComplete: number): HostRow {
    const bytes = (TOTAL_BYTES * percentComplete) / 100;
    return {
      host: hostName(index),
      status,
      percentComplete,
      attempt: 1,
      zone: index % 2 === 0 ? 'a' : 'b',
      updatedAt: new Date().toISOString(),
      ...(status === 'INPROGRESS' && { bytesPerSecond: (20 + 40 * this.#draw()) * MIB }),
      ...(status !== 'INIT' && { sources: this.#sources(index, bytes) }),
    };
  }

  #failedRow(index: number): HostRow {
    const message = `agent ${hostName(index)}:45010 cannot be reached (ECONNREFUSED)`;
    const failure = { code: 'AGENT_UNREACHABLE', message, explanation: message };
    return { ...this.#row(index, 'FAILED', 0), sources: [], ...failure };
  }

  #sources(index: number, bytes: number): NonNullable<HostRow['sources']> {
    if (index < FIRST_HOSTS) return [{ host: 'server', bytes }];
    const parents = [Math.floor(index / 4), Math.floor(index / 3), Math.floor(index / 2)];
    const shares = [0.6, 0.3, 0.1];
    return [...new Set(parents)].map((parent, nth) => ({
      host: hostName(parent),
      bytes: Math.round(bytes * (shares[nth] ?? 0)),
    }));
  }

  /** 0..1, the same ones in every run. */
  #draw(): number {
    this.#seed = (Math.imul(this.#seed, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#seed / 2 ** 32;
  }
}

function hostName(index: number): string {
  return `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
}
