/** Carries one report to the server of a task. */
export interface StatusReport {
  readonly taskId: string;
  readonly ip: string;
  readonly percentComplete: number;
  readonly sequence: number;
  readonly attempt?: number;
  readonly code?: string;
  readonly message?: string;
}

/**
 * `taken`: the server has it, for good or ill. `taskOver`: it has no use for further reports of this
 * task and attempt. `unreachable`: no answer, or a server in trouble; try again.
 */
export type ReportAnswer = 'taken' | 'taskOver' | 'unreachable';

export interface ReportSender {
  send(report: StatusReport): Promise<ReportAnswer>;
}
