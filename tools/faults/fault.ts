/** What a fault is: when it strikes, what it does, and what must become of the task. */
import type { FaultLab } from './lab/fault-lab.ts';

/** Moments in the life of a task, in order. */
export const PHASES = {
  P1: 'the create call is answered, sources are hashed',
  P2: 'sources are hashed, agents are called',
  P3: 'an agent has taken the task',
  P4: 'the first pieces are there',
  P5: 'half is there',
  P6: 'the last pieces',
  P7: 'the first files are placed',
  P8: 'the first host is COMPLETED',
  P9: 'the task is over',
} as const;
export type Phase = keyof typeof PHASES;

export type Need = 'loopback' | 'network' | 'tmpfs' | 'strace';

/** What the task must become; hosts that are not named must be COMPLETED. */
export interface Expectation {
  readonly task: readonly string[];
  /** Agent index → what may be said of it. */
  readonly hosts?: Readonly<Record<number, HostExpectation>>;
  /** Code of the task itself. */
  readonly code?: string;
}

export interface HostExpectation {
  readonly status: readonly string[];
  readonly codes?: readonly string[];
}

export interface Setting {
  /** @default 4 */
  readonly agents?: number;
  /** @default 24 */
  readonly fileMiB?: number;
  /** MiB a second. @default 8 */
  readonly speed?: number;
  /** @default 10 */
  readonly maxActive?: number;
  /** Size of a file system of its own for agent 0's downdir; needs root. */
  readonly tmpfsMiB?: number;
}

export interface Fault {
  /** F and two digits, as in docs/reliability.md. */
  readonly id: string;
  readonly title: string;
  /** What must happen, besides the invariants, in one sentence. */
  readonly expected: string;
  readonly phases: readonly Phase[];
  /** @default 'loopback' */
  readonly needs?: Need;
  readonly setting?: Setting;
  /** From the end of `inject` to a terminal state, ms; fixed, so that a slow machine is no excuse. @default 60 s */
  readonly deadlineMs?: number;
  /** Instead of simply starting all processes. */
  readonly start?: (lab: FaultLab) => Promise<void>;
  /** Strikes and heals. @returns what must become of the task */
  readonly inject: (lab: FaultLab) => Promise<Expectation>;
}

export const ALL_COMPLETED: Expectation = { task: ['COMPLETED'] };

/** The task ends before, after or in spite of what was done: both verdicts are true ones. */
export function failedOrCompleted(index: number, ...codes: string[]): Expectation {
  return {
    task: ['COMPLETED', 'PARTIAL'],
    hosts: { [index]: { status: ['FAILED', 'COMPLETED'], codes } },
  };
}

export function failedAlone(index: number, ...codes: string[]): Expectation {
  return { task: ['PARTIAL'], hosts: { [index]: { status: ['FAILED'], codes } } };
}
