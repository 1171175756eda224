/** The calls that the server makes to an agent. Outcomes are values: an agent in trouble is normal. */
import type {
  AgentInfo,
  AgentPlan,
  AgentPlanDto,
  AgentTaskView,
  DispatchTaskDto,
  Failure,
  HostEntry,
} from '@gofd/task-model';
import type { StartBody } from './task-offer.ts';

export interface AgentReply {
  /** Where the agent serves pieces; absent in the reference's empty answer. */
  readonly dataPort?: number;
  /** What the agent speaks; v1 alone in the reference's empty answer. */
  readonly wireVersions: readonly number[];
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
  /** What the agent can do; one that does not know the question speaks wire v1 alone. */
  abstract info(agent: HostEntry): Promise<CallResult<AgentInfo>>;
  /**
   * Whether it would take files; changes nothing there. One that does not know the question fails with
   * PLAN_UNSUPPORTED: it is there, and more cannot be said.
   */
  abstract plan(agent: HostEntry, body: AgentPlanDto): Promise<CallResult<AgentPlan>>;
  abstract create(agent: HostEntry, body: DispatchTaskDto): Promise<CallResult<AgentReply>>;
  abstract start(
    agent: HostEntry,
    taskId: string,
    body: StartBody,
  ): Promise<CallResult<AgentReply>>;
  /**
   * Stop and forget; an attempt that is newer than `attempt` goes on, so that a late call harms nothing.
   * @returns true when the agent took the call
   */
  abstract end(agent: HostEntry, taskId: string, attempt: number): Promise<boolean>;
  /** Changes the task's limit there. @returns true when the agent took it; one of v1 does not */
  abstract setSpeed(agent: HostEntry, taskId: string, bytesPerSecond: number): Promise<boolean>;
  abstract probe(agent: HostEntry, taskId: string): Promise<ProbeResult>;
}
