import type { HostMeasures } from '@gofd/task-model';

/** Carries one report to the server of a task. */
export interface StatusReport {
  readonly taskId: string;
  readonly ip: string;
  readonly percentComplete: number;
  readonly sequence: number;
  readonly attempt?: number;
  /** Shows that this is the host that was given the task. */
  readonly token?: string;
  readonly code?: string;
  readonly message?: string;
  readonly measures?: HostMeasures;
}

/**
 * `taken`: the server has it, for good or ill. `taskEnded`: the task was cancelled or is complete.
 * `taskOver`: the server has no use for further reports of this task and attempt, but may come back to
 * it. `unreachable`: no answer, or a server in trouble; try again.
 */
export type ReportAnswer = 'taken' | 'taskEnded' | 'taskOver' | 'unreachable';

export interface ReportSender {
  send(report: StatusReport): Promise<ReportAnswer>;
}
