/**
 * Finds agents that fell silent. A host in progress that sent no report for a while is asked. Ours says
 * how the task stands, so that a lost report is made good; the reference only shows that it is alive,
 * and gets NO_REPORT_AFTER_MS. Whoever forgot the task or cannot be reached for LOST_AFTER_MS has
 * failed. So no task waits for ever.
 */
import pMap from 'p-map';
import type { Clock } from '@gofd/p2p-driver';
import { PERCENT_DONE, PERCENT_FAILED, type AgentTaskView, type Failure } from '@gofd/task-model';
import type { AgentClient } from '../dispatch/agent-client.port.ts';
import type { HostRecord, HostReport } from '../tasks/host-record.ts';
import type { TaskRecord } from '../tasks/task-record.ts';

/** Silence after which a host is asked. */
export const SILENT_AFTER_MS = 30_000;
/** Silence, questions included, after which a host is lost. */
export const LOST_AFTER_MS = 60_000;
/** Time without a report after which an agent that only shows that it is alive is lost. */
export const NO_REPORT_AFTER_MS = 30 * 60_000;
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
    const nowMs = this.#clock.nowMs();
    if (found === 'taskUnknown') {
      record.failHost(host, forgotten(host.name), new Date());
    } else if (found === 'unreachable') {
      if (nowMs - host.lastContactMs < LOST_AFTER_MS) return;
      record.failHost(host, lost(host.name), new Date());
    } else if (found === 'alive') {
      host.heardOf(nowMs);
      if (nowMs - host.lastReportMs < NO_REPORT_AFTER_MS) return;
      record.failHost(host, mute(host.name), new Date());
    } else if (found.attempt === record.attempt) {
      host.reportedAt(nowMs);
      record.report(host, reportOf(found), new Date());
    }
  }
}

/** What the agent would have reported; without a sequence, as it is asked and not told. */
function reportOf({ status, percentComplete, code, message }: AgentTaskView): HostReport {
  if (status === 'COMPLETED') return { percentComplete: PERCENT_DONE };
  if (status !== 'FAILED') return { percentComplete };
  const failure = { code: code ?? 'AGENT_FAILED', message: message ?? 'no reason given' };
  return { percentComplete: PERCENT_FAILED, failure };
}

function mute(name: string): Failure {
  const minutes = NO_REPORT_AFTER_MS / 60_000;
  return {
    code: 'AGENT_LOST',
    message: `agent ${name} is up but has reported nothing for ${minutes} minutes; look at its log`,
  };
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
