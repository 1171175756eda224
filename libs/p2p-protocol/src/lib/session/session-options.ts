/** What a session is made with. */
import type { Bitfield } from '../codec/bitfield.ts';
import type { WireVersion } from '../codec/messages.ts';
import type { Prng } from '../kernel/prng.ts';
import type { RateLimiter } from '../limits/rate-limiter.ts';
import type { TaskGeometry } from './task-geometry.ts';

/** What may be sent and asked for, bytes a second; the host's limiters are shared by all sessions. */
export interface SessionLimits {
  readonly hostUpload: RateLimiter;
  /** @default UNLIMITED */
  readonly hostDownload?: RateLimiter;
  /** @default Infinity */
  readonly taskUpload?: number;
  /** @default Infinity */
  readonly taskDownload?: number;
  /** To each peer that dialled us. @default Infinity */
  readonly peerUpload?: number;
}

export interface TaskSessionOptions {
  readonly geometry: TaskGeometry;
  /** Pieces that are verified on disk already; all of them on the server. */
  readonly stored: Bitfield;
  readonly limits: SessionLimits;
  readonly prng: Prng;
  /** @default 1 */
  readonly wire?: WireVersion;
  /** Shows each piece to one agent only: the server before a mesh. @default false */
  readonly scatters?: boolean;
  /** Peers that may dial us. @default MAX_PEERS_PER_TASK */
  readonly maxPeers?: number;
}
