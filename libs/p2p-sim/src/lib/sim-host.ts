/** A host of a simulated swarm, and how its share of the task stands. */
import type { SessionFailureCode } from '@gofd/p2p-protocol';
import type { Fault } from './fault-plan.ts';
import type { LiarScript } from './lying-peer.ts';
import type { SimPieceStore } from './sim-piece-store.ts';
import type { SimProcess } from './sim-process.ts';
import type { AgentResult } from './swarm-options.ts';

/** A host that outlives its processes. */
export interface SimHost {
  readonly index: number;
  readonly address: string;
  readonly store: SimPieceStore;
  process: SimProcess | undefined;
  processCount: number;
  spoiltBlocksToSend: number;
  /** Hosts to which nothing of what it sends comes through as it was. */
  readonly spoiltPathsTo: Set<string>;
  /** So it is with what the server sends here. */
  isServerPathSpoilt: boolean;
  isDiskFull: boolean;
  isIdle: boolean;
  isGoneForGood: boolean;
  completedAtMs: number | undefined;
  failure: SessionFailureCode | undefined;
  receivedBytes: number;
  readonly lies: LiarScript | undefined;
}

/**
 * Complete, or excused: dead for good, never started, a liar, or failed as its own disk is full or as
 * nothing that the server sends comes through.
 */
export function isSettled(agent: SimHost): boolean {
  const state = stateOf(agent);
  if (state === 'failed') {
    return agent.failure === 'INTEGRITY' ? agent.isServerPathSpoilt : agent.isDiskFull;
  }
  return state !== 'incomplete';
}

export function stateOf(agent: SimHost): AgentResult['state'] {
  if (agent.isGoneForGood) return 'dead';
  if (agent.isIdle) return 'idle';
  if (agent.lies) return 'liar';
  if (agent.failure !== undefined) return 'failed';
  return agent.process && agent.store.find().isFull() ? 'complete' : 'incomplete';
}

/** Whether something that went wrong in the run can have made an agent's task fail with this code. */
export function hasCause(
  failure: SessionFailureCode,
  isDiskFull: boolean,
  faults: readonly Fault[],
): boolean {
  const ofServer = faults.filter(({ host }) => host === 0).map(({ kind }) => kind);
  switch (failure) {
    case 'STORE_FAILED':
      return isDiskFull;
    case 'INTEGRITY':
      return ofServer.includes('corrupt') || ofServer.includes('corruptPath');
    case 'NO_SOURCE_REACHABLE':
      return ofServer.length > 0;
  }
}
