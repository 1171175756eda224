/** What a simulated swarm is made of, and what is known of it when its time is over. */
import type {
  GeometrySizes,
  ProtocolErrorCode,
  SessionFailureCode,
  TaskSessionOptions,
} from '@gofd/p2p-protocol';
import type { Concern } from './checkers/checker.ts';
import type { Fault } from './fault-plan.ts';
import type { LiarScript } from './lying-peer.ts';
import type { SimMode } from './sim-mode.ts';
import type { SessionUnderTest } from './sim-process.ts';

export interface SwarmOptions {
  readonly seed: number;
  readonly sizes: GeometrySizes;
  readonly latencyMs: number;
  /** Rate of each host's link, both directions; the server first, then the chain in order. */
  readonly linkBytesPerSecond: readonly number[];
  readonly uploadBytesPerSecond: number;
  /** How long a write of a piece takes. */
  readonly writeMs: number;
  /** Agents start at a random time before this. */
  readonly startsWithinMs: number;
  readonly faults: readonly Fault[];
  /** What is demanded beside that nothing untrue happens. @default 'survival' */
  readonly mode?: SimMode;
  /** What an undisturbed swarm may take beside the transfer, and recovery from the faults. @default 5 min */
  readonly recoveryMs?: number;
  /** Wire v2, each agent with this many sources beside the server. @default a chain over wire v1 */
  readonly meshDegree?: number;
  /** Rack of each host of a mesh, the server's not counted. @default no border between racks */
  readonly racks?: readonly number[];
  /** Agents that lie, by host. */
  readonly liars?: ReadonlyMap<number, LiarScript>;
  /** Makes the session of a process; for tests of the checkers. @default a TaskSession */
  readonly createSession?: (options: TaskSessionOptions) => SessionUnderTest;
}

export interface AgentResult {
  readonly state: 'complete' | 'failed' | 'dead' | 'idle' | 'liar' | 'incomplete';
  readonly completedAtMs: number | undefined;
  readonly failure: SessionFailureCode | undefined;
  /** Block data that it let in, needed or not. */
  readonly receivedBytes: number;
}

export interface SwarmResult {
  readonly seed: number;
  /** The same for two runs exactly when the same happened in both. */
  readonly traceHash: string;
  /** What must never happen and did; the run stops at the first. */
  readonly violations: readonly string[];
  /** What each of them is about, in the same order. */
  readonly concerns: readonly Concern[];
  /** How many of the faults struck before the run was over. */
  readonly struckFaultCount: number;
  readonly endedAtMs: number;
  readonly totalBytes: number;
  /** Block data that the server sent. */
  readonly serverSentBytes: number;
  /** How often connections were closed, by the reason. */
  readonly closings: ReadonlyMap<ProtocolErrorCode, number>;
  /** Events that sessions were told. */
  readonly stepCount: number;
  /** In the order of the chain. */
  readonly agents: readonly AgentResult[];
}
