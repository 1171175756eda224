/**
 * A checker watches every step of every session and says what must never happen. It trusts the
 * disk and what went over the network, not what the session believes.
 */
import type { SessionEffect, SessionEvent } from '@gofd/p2p-protocol';
import type { SimPieceStore } from '../sim-piece-store.ts';

/** One run of a session: a host that restarts has several. */
export interface ProcessView {
  /** Unique over all runs of all hosts. */
  readonly name: string;
  readonly store: SimPieceStore;
  readonly uploadBytesPerSecond: number;
}

/** One event that a session was told, and what it led to. */
export interface Step {
  readonly nowMs: number;
  readonly process: ProcessView;
  readonly event: SessionEvent;
  readonly effects: readonly SessionEffect[];
}

/** What a violation is about: bytes, the word of a host, a limit or rule, or that nothing ends. */
export type Concern = 'wrongBytes' | 'falseStatus' | 'brokenRule' | 'stuck';

export interface Checker {
  readonly concern: Concern;
  /** @returns what is wrong, as a sentence; undefined when all is well */
  check(step: Step): string | undefined;
}
