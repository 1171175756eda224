/** The calls that the server makes to an agent. Outcomes are values: an agent in trouble is normal. */
import type { AgentTaskView, DispatchTaskDto, Failure, HostEntry } from '@gofd/task-model';

export interface AgentReply {
  /** Where the agent serves pieces; absent in the reference's empty answer. */
  readonly dataPort?: number;
}

export type CallResult<T> =
  | { readonly ok: true; readonly answer: T }
  | {
      readonly ok: false;
      readonly failure: Failure;
      /** Nothing listens there at the moment; worth another try. */
      readonly isRefusedConnection: boolean;
      /** No answer came, but the agent may have done what it was asked. */
      readonly mayHaveArrived: boolean;
    };

/** `alive`: it answers, but does not say how the task stands (the reference). */
export type ProbeResult = 'alive' | 'unreachable' | 'taskUnknown' | AgentTaskView;

export abstract class AgentClient {
  abstract create(agent: HostEntry, body: DispatchTaskDto): Promise<CallResult<AgentReply>>;
  abstract start(
    agent: HostEntry,
    taskId: string,
    linkChain: DispatchTaskDto['linkChain'],
  ): Promise<CallResult<AgentReply>>;
  /**
   * Stop and forget; an attempt that is newer than `attempt` goes on, so that a late call harms nothing.
   * @returns true when the agent took the call
   */
  abstract end(agent: HostEntry, taskId: string, attempt: number): Promise<boolean>;
  abstract probe(agent: HostEntry, taskId: string): Promise<ProbeResult>;
}
