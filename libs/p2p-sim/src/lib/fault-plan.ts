/**
 * What goes wrong in a run, and when. A plan is plain data, so that a failing one can be written
 * down, cut to what matters and kept. Host 0 is the server; host k is the k-th agent of the chain.
 */
import type { Prng } from '@gofd/p2p-protocol';

interface FaultAt {
  readonly host: number;
  readonly atMs: number;
}

export type Fault =
  /** The process dies, with `vanish` its machine as well. Without restart it stays dead. */
  | (FaultAt & {
      readonly kind: 'kill';
      readonly mode: 'reset' | 'vanish';
      readonly restartAfterMs?: number;
    })
  /** Nothing comes through in either direction, and nobody is told. */
  | (FaultAt & { readonly kind: 'stall'; readonly forMs: number })
  /** Every connection of the host breaks. */
  | (FaultAt & { readonly kind: 'reset' })
  /** The host turns every handshake down. */
  | (FaultAt & { readonly kind: 'refuse'; readonly forMs: number })
  /** The next blocks that the host sends carry wrong bytes. */
  | (FaultAt & { readonly kind: 'corrupt'; readonly blockCount: number })
  /** Whatever the host sends to these carries wrong bytes, for good: the way is broken, not the host. */
  | (FaultAt & { readonly kind: 'corruptPath'; readonly towards: readonly number[] })
  /** Writing a piece takes longer from now on. */
  | (FaultAt & { readonly kind: 'slowDisk'; readonly writeMs: number })
  /** The agent knows the task and lets peers in, but is never told to pull: it waits for a slot. */
  | (FaultAt & { readonly kind: 'neverStarts' })
  /** Every write fails from now on: this host's task is lost, and no other's. */
  | (FaultAt & { readonly kind: 'diskFull' });

export interface FaultScope {
  readonly agentCount: number;
  /** Faults begin before this. */
  readonly withinMs: number;
}

const MAX_FAULTS = 6;
const MAX_DOWN_MS = 20_000;
const MAX_STALL_MS = 60_000;
const MAX_REFUSAL_MS = 10_000;
const MAX_CORRUPT_BLOCKS = 40;
const MAX_WRITE_MS = 400;
/** Every third kill is for good. */
const SHARE_OF_FINAL_KILLS = 1 / 3;

const AGENT_FAULTS = [
  'kill',
  'kill',
  'stall',
  'reset',
  'refuse',
  'corrupt',
  'slowDisk',
  'diskFull',
  'neverStarts',
] as const;
/** What the server survives: it is the one source that has every piece. */
const SERVER_FAULTS = ['kill', 'stall', 'reset', 'refuse'] as const;

/** Draws a plan that leaves a way for every agent that lives on. */
export function drawFaultPlan(prng: Prng, scope: FaultScope): Fault[] {
  const count = upTo(prng, MAX_FAULTS + 1);
  return Array.from({ length: count }, () => drawFault(prng, scope));
}

/** When the last fault of a plan is over, as far as it ever is. */
export function endOfFaultsMs(faults: readonly Fault[]): number {
  return Math.max(0, ...faults.map((fault) => fault.atMs + durationMs(fault)));
}

function durationMs(fault: Fault): number {
  if (fault.kind === 'kill') return fault.restartAfterMs ?? 0;
  return 'forMs' in fault ? fault.forMs : 0;
}

/** One fault of any kind that its host may have. */
export function drawFault(prng: Prng, { agentCount, withinMs }: FaultScope): Fault {
  const host = upTo(prng, agentCount + 1);
  const at = { host, atMs: upTo(prng, withinMs) };
  const kinds = host === 0 ? SERVER_FAULTS : AGENT_FAULTS;
  switch (kinds[upTo(prng, kinds.length)]) {
    case 'kill':
      return { kind: 'kill', ...at, ...drawKill(prng, host) };
    case 'stall':
      return { kind: 'stall', ...at, forMs: upTo(prng, MAX_STALL_MS) };
    case 'refuse':
      return { kind: 'refuse', ...at, forMs: upTo(prng, MAX_REFUSAL_MS) };
    case 'corrupt':
      return { kind: 'corrupt', ...at, blockCount: 1 + upTo(prng, MAX_CORRUPT_BLOCKS) };
    case 'slowDisk':
      return { kind: 'slowDisk', ...at, writeMs: upTo(prng, MAX_WRITE_MS) };
    case 'diskFull':
      return { kind: 'diskFull', ...at };
    case 'neverStarts':
      return { kind: 'neverStarts', ...at };
    default:
      return { kind: 'reset', ...at };
  }
}

function drawKill(prng: Prng, host: number): { mode: 'reset' | 'vanish'; restartAfterMs?: number } {
  const mode = prng.next() < 0.5 ? 'reset' : 'vanish';
  const isFinal = prng.next() < SHARE_OF_FINAL_KILLS && host !== 0;
  return isFinal ? { mode } : { mode, restartAfterMs: upTo(prng, MAX_DOWN_MS) };
}

/** An integer in [0, limit). */
function upTo(prng: Prng, limit: number): number {
  return Math.floor(prng.next() * limit);
}
