/** The JSON shapes that the REST interfaces answer with. Times are ISO 8601 in UTC. */
import type { HostStatus, TaskStatus } from './task-status.ts';

/** Files that a summary lists; of a task with more it lists the first. */
export const MAX_FILES_IN_SUMMARY = 100;

/** One host of a task, as GET /api/v1/server/tasks/:id shows it. */
export interface HostView {
  readonly status: HostStatus;
  /** 0..100 of the task's bytes verified on that host; 100 only when the files are in place. */
  readonly percentComplete: number;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly dispatchFiles: readonly { readonly filename: string }[];
  /** Failed hosts only. */
  readonly code?: string;
  readonly message?: string;
  /** Why it is late or failed, in plain words, from what was measured. */
  readonly explanation?: string;
}

/** A file of a task, by the name under which it lands. */
export interface TaskFile {
  readonly name: string;
  /** Bytes; absent until the file was looked at. */
  readonly length?: number;
}

export interface HostCounts {
  readonly total: number;
  readonly waiting: number;
  readonly inProgress: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
}

/** A task without its hosts, as the list shows it. */
export interface TaskSummary {
  readonly id: string;
  readonly status: TaskStatus;
  /** 1 for the first run; grows when a failed task is created again. */
  readonly attempt: number;
  readonly createdAt: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  /** Bytes of all files together; absent until they are hashed. */
  readonly totalBytes?: number;
  /** Payload bytes that the server itself has sent for this attempt. */
  readonly serverSentBytes: number;
  readonly hostCounts: HostCounts;
  /** At most MAX_FILES_IN_SUMMARY of them. */
  readonly files: readonly TaskFile[];
  readonly fileCount: number;
  /** 0..100: the mean of the hosts, those that failed with what they had. */
  readonly percentComplete: number;
  /** All hosts in progress together; absent while nothing is measured. */
  readonly bytesPerSecond?: number;
  /** Until the hosts in progress are done, if they go on like this. */
  readonly etaSeconds?: number;
  /** Upload limit of each process of the task, MiB a second. */
  readonly speed?: number;
  readonly code?: string;
  readonly message?: string;
}

/** Answer of GET /api/v1/server/tasks/:id; dispatchInfos is keyed by the entries of destIPs. */
export interface TaskView extends TaskSummary {
  readonly dispatchFiles: readonly string[];
  readonly dispatchInfos: Readonly<Record<string, HostView>>;
}

/** Answer of GET /api/v1/agent: what this agent can do. The reference does not know the route. */
export interface AgentInfo {
  readonly version: string;
  readonly wireVersions: readonly number[];
  readonly dataPort: number;
  /** Where the host stands, from its configuration; hosts of one rack share a fast network. */
  readonly rack?: string;
  /** The wider place, if the configuration names one. */
  readonly zone?: string;
}

/** Answer of an agent of ours to the create and start calls; the reference answers with no body. */
export interface AgentAnswer {
  readonly taskId: string;
  /** Version of the agent program. */
  readonly version: string;
  /** Wire versions the agent speaks. */
  readonly wireVersions: readonly number[];
  /** Port where the agent serves pieces. */
  readonly dataPort: number;
}

/** Answer of GET /api/v1/agent/tasks/:id. */
export interface AgentTaskView {
  readonly taskId: string;
  readonly attempt: number;
  readonly status: HostStatus;
  readonly percentComplete: number;
  readonly code?: string;
  readonly message?: string;
}
