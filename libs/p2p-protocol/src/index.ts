export { Bitfield } from './lib/codec/bitfield.ts';
export { encodeMessage, encodePieceHeader } from './lib/codec/encoder.ts';
export { FrameDecoder, type FrameLimits, type FrameSink } from './lib/codec/frame-decoder.ts';
export {
  encodeHeader,
  HEADER_ACCEPTED,
  HeaderReader,
  longestTaskIdBytes,
  type HeaderResult,
  type PeerHeader,
} from './lib/codec/header.ts';
export { type BlockRef, type ControlMessage } from './lib/codec/messages.ts';
export type { ProtocolErrorCode, SessionFailureCode } from './lib/errors.ts';
export { createPrng, type Prng } from './lib/kernel/prng.ts';
export {
  MAX_PEERS_PER_TASK,
  MAX_PIECES_IN_REQUEST,
  MAX_QUEUED_REQUESTS,
  MAX_REQUEST_BYTES,
  SEND_WINDOW_BYTES,
  V1_BLOCK_BYTES,
} from './lib/limits/limits.ts';
export {
  GcraLimiter,
  LIMITER_BURST_MS,
  UNLIMITED,
  type RateLimiter,
} from './lib/limits/rate-limiter.ts';
export type { SessionEffect } from './lib/session/effects.ts';
export type { DialFailure, PeerId, SessionEvent } from './lib/session/events.ts';
export { TaskGeometry, type GeometrySizes } from './lib/session/task-geometry.ts';
export { TaskSession, type TaskSessionOptions } from './lib/session/task-session.ts';
