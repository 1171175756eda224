/**
 * The handshake as dialer and listener see it: a small machine for each side that is fed with bytes
 * and says what to send and when it is over. Neither of them knows which version it runs. The
 * machines own no socket and no timer; the deadline is that of whoever feeds them.
 */
import type { HelloErrorCode, TaskStream } from '@gofd/p2p-protocol';

/** How the peers of a task prove themselves: with the fleet's password, or with the task's own key. */
export type TaskSecurity =
  | { readonly version: 1 }
  /** `key`: TASK_KEY_BYTES. */
  | { readonly version: 2; readonly key: Uint8Array };

/** The security of what is open here; undefined when it is not open. */
export type SecurityOf = (taskId: string, stream: TaskStream) => TaskSecurity | undefined;

/** Why a dialling peer was turned away. */
export type RefusalCode =
  | HelloErrorCode
  | 'P2P_HANDSHAKE_TIMEOUT'
  | 'P2P_BAD_HEADER'
  | 'P2P_AUTH_FAILED'
  | 'P2P_TASK_UNKNOWN'
  /** The task runs the other version. */
  | 'P2P_VERSION_MISMATCH'
  | 'P2P_TOO_MANY_SOCKETS';

/** A dialling peer that has proved itself, and what for. */
export interface ProvenPeer {
  readonly taskId: string;
  readonly stream: TaskStream;
  /** The name that it gave itself; empty when it gave none (v1 has no place for one). */
  readonly agentId: string;
}

export const NO_BYTES = new Uint8Array(0);

export type DiallingStep =
  | { readonly state: 'pending' }
  /** `send` completes the handshake; `rest` is a view of the bytes fed, already part of the frames. */
  | { readonly state: 'accepted'; readonly send: Uint8Array; readonly rest: Uint8Array }
  | { readonly state: 'refused'; readonly message: string };

/** The side that dials; one for each connection. */
export interface DiallingHandshake {
  /** What to send as soon as the connection is there. */
  readonly opening: Uint8Array;
  /** Takes bytes until a step other than `pending`. */
  push(bytes: Uint8Array): DiallingStep;
}

export type ListeningVerdict =
  | {
      readonly state: 'accepted';
      readonly peer: ProvenPeer;
      readonly send: Uint8Array;
      readonly rest: Uint8Array;
    }
  | { readonly state: 'refused'; readonly code: RefusalCode };

export type ListeningStep =
  | { readonly state: 'pending'; readonly send: Uint8Array }
  /** A slow check runs; no bytes may be fed meanwhile. The promise is never rejected. */
  | { readonly state: 'checking'; readonly verdict: Promise<ListeningVerdict> }
  | ListeningVerdict;

/** The side that is dialled; one for each connection. */
export interface ListeningHandshake {
  /** Takes bytes as long as the step is `pending`. */
  push(bytes: Uint8Array): ListeningStep;
}
