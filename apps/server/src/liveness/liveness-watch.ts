/**
 * Finds agents that fell silent. A host in progress that sent no report for a while is asked; whoever
 * answers is alive, whoever has forgotten the task or cannot be reached for LOST_AFTER_MS has failed.
 * So no task waits for ever.
 */
import pMap from 'p-map';
import type { Clock } from '@gofd/p2p-driver';
import type { Failure } from '@gofd/task-model';
import type { AgentClient } from '../dispatch/agent-client.port.ts';
import type { HostRecord } from '../tasks/host-record.ts';
import type { TaskRecord } from '../tasks/task-record.ts';

/** Silence after which a host is asked. */
export const SILENT_AFTER_MS = 30_000;
/** Silence, questions included, after which a host is lost. */
export const LOST_AFTER_MS = 60_000;
export const CHECK_INTERVAL_MS = 5_000;
/** Questions under way at once. */
export const MAX_PROBES_IN_FLIGHT = 64;

export class LivenessWatch {
  readonly #client: AgentClient;
  readonly #clock: Clock;

  constructor(client: AgentClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /** Watches a task's hosts until `signal` says that it is over. */
  watch(record: TaskRecord, signal: AbortSignal): void {
    const cancel = this.#clock.after(CHECK_INTERVAL_MS, () => {
      void this.#check(record).finally(() => {
        if (!signal.aborted) this.watch(record, signal);
      });
    });
    signal.addEventListener('abort', cancel, { once: true });
  }

  async #check(record: TaskRecord): Promise<void> {
    const nowMs = this.#clock.nowMs();
    const silent = record.hosts.filter(
      (host) => host.status === 'INPROGRESS' && nowMs - host.lastContactMs >= SILENT_AFTER_MS,
    );
    await pMap(silent, (host) => this.#ask(record, host), { concurrency: MAX_PROBES_IN_FLIGHT });
  }

  async #ask(record: TaskRecord, host: HostRecord): Promise<void> {
    const found = await this.#client.probe(host.entry, record.id);
    if (found === 'taskUnknown') {
      record.failHost(host, forgotten(host.name), new Date());
    } else if (found !== 'unreachable') {
      host.heardOf(this.#clock.nowMs());
    } else if (this.#clock.nowMs() - host.lastContactMs >= LOST_AFTER_MS) {
      record.failHost(host, lost(host.name), new Date());
    }
  }
}

function forgotten(name: string): Failure {
  return {
    code: 'AGENT_FORGOT_TASK',
    message: `agent ${name} answers but does not know the task any more; create the task again`,
  };
}

function lost(name: string): Failure {
  const seconds = LOST_AFTER_MS / 1000;
  return {
    code: 'AGENT_LOST',
    message: `agent ${name} was not heard of for ${seconds} s and cannot be reached; is the host up?`,
  };
}
