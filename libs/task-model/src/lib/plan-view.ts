/**
 * What a dry run says: the JSON shapes of POST /api/v1/server/tasks/plan, of GET /api/v1/server/agents/check
 * and of the agent's POST /api/v1/agent/plan. Nothing is changed anywhere by any of them.
 */
import type { AgentRow } from './agent-row.ts';
import type { Failure } from './errors.ts';
import type { HostRow } from './host-row.ts';
import type { TaskStatus } from './task-status.ts';

/** Problems that one host names at most. */
export const MAX_PLAN_PROBLEMS = 20;
/** Files that would be replaced which a host names at most. */
export const MAX_REPLACED_NAMES = 20;
/** The agent answers, but it does not know the question: an older one, or one of the Go version. */
export const PLAN_UNSUPPORTED = 'PLAN_UNSUPPORTED';

/** Answer of the agent. */
export interface AgentPlan {
  readonly version: string;
  /** On the disk of downdir; absent where that cannot be looked at. */
  readonly freeBytes?: number;
  /** What would make it refuse the task, at most MAX_PLAN_PROBLEMS. */
  readonly problems: readonly Failure[];
  /** Names of files that are there and would be replaced, at most MAX_REPLACED_NAMES. */
  readonly replaces: readonly string[];
  readonly replacedCount: number;
}

export const PLAN_VERDICTS = ['READY', 'NOT_READY', 'UNKNOWN'] as const;
/** UNKNOWN: it answers, but cannot be asked. */
export type PlanVerdict = (typeof PLAN_VERDICTS)[number];

/** One host of a plan. */
export interface HostPlan extends Partial<AgentPlan> {
  /** As given in destIPs. */
  readonly host: string;
  readonly verdict: PlanVerdict;
  /** None when the verdict is READY. */
  readonly problems: readonly Failure[];
  /** What it received a second in the last tasks that it completed, from their begin to their end there. */
  readonly measuredBytesPerSecond?: number;
  /** From that rate; absent where nothing was measured. */
  readonly predictedSeconds?: number;
}

/** Answer of POST /api/v1/server/tasks/plan. */
export interface PlanView {
  /** Every host would take the task, and the sources could be read. */
  readonly isReady: boolean;
  readonly fileCount: number;
  /** Absent when a source cannot be distributed. */
  readonly totalBytes?: number;
  /** What is wrong with the sources. */
  readonly problems: readonly Failure[];
  readonly hosts: readonly HostPlan[];
  /** That of the slowest host that was ever measured; absent when none was. */
  readonly predictedSeconds?: number;
}

/** What a task says of one host. */
export interface HostInTask {
  readonly id: string;
  readonly status: TaskStatus;
  readonly createdAt: string;
  readonly row: HostRow;
}

/** Answer of GET /api/v1/server/agents/check. */
export interface HostCheck {
  /** What the agent says now of a task without files. */
  readonly plan: HostPlan;
  /** What it announced; absent when it never did. */
  readonly announced?: AgentRow;
  /** The last tasks that it was in, newest first. */
  readonly tasks: readonly HostInTask[];
}
