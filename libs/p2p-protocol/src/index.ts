export { Bitfield } from './lib/codec/bitfield.ts';
export { encodeMessage, encodePieceHeader, frameBytes } from './lib/codec/encoder.ts';
export { FrameDecoder, type FrameLimits, type FrameSink } from './lib/codec/frame-decoder.ts';
export {
  encodeHeader,
  HEADER_ACCEPTED,
  HeaderReader,
  longestTaskIdBytes,
  type HeaderResult,
  type PeerHeader,
} from './lib/codec/header.ts';
export {
  encodeWelcome,
  HELLO_PROOF_BYTES,
  ProofReader,
  WelcomeReader,
  type Welcome,
} from './lib/codec/hello-answers.ts';
export type { HelloErrorCode, HelloResult } from './lib/codec/hello-reader.ts';
export {
  encodeHello,
  HELLO_FIRST_BYTE,
  HELLO_NONCE_BYTES,
  HelloReader,
  MAX_HELLO_AGENT_ID_BYTES,
  MAX_HELLO_BYTES,
  MAX_HELLO_TASK_ID_BYTES,
  STREAM_ID,
  WIRE_V2,
  type Hello,
  type TaskStream,
} from './lib/codec/hello.ts';
export {
  PIECE_HEADER_BYTES,
  type BlockRef,
  type ControlMessage,
  type WireVersion,
} from './lib/codec/messages.ts';
export type { ProtocolErrorCode, SessionFailureCode } from './lib/errors.ts';
export { Fifo } from './lib/kernel/fifo.ts';
export { createPrng, type Prng } from './lib/kernel/prng.ts';
export { shuffled } from './lib/planning/shuffle.ts';
export {
  MAX_PEERS_OF_ORIGIN,
  MAX_PEERS_PER_TASK,
  MAX_PIECES_IN_REQUEST,
  MAX_QUEUED_REQUESTS,
  MAX_REQUEST_BYTES,
  SEND_WINDOW_BYTES,
  V1_BLOCK_BYTES,
  V2_BLOCK_BYTES,
  WINDOW_PIECES,
} from './lib/limits/limits.ts';
export {
  GcraLimiter,
  LIMITER_BURST_MS,
  UNLIMITED,
  type RateLimiter,
} from './lib/limits/rate-limiter.ts';
export type { SessionEffect } from './lib/session/effects.ts';
export type { DialFailure, PeerId, SessionEvent } from './lib/session/events.ts';
export { toSessionEvent } from './lib/session/received-message.ts';
export type { SourcePlan } from './lib/session/sources.ts';
export type { RackPlace } from './lib/scheduling/wanted-pieces.ts';
export { TaskGeometry, type GeometrySizes } from './lib/session/task-geometry.ts';
export type { SessionLimits, TaskSessionOptions } from './lib/session/session-options.ts';
export { TaskSession } from './lib/session/task-session.ts';
export {
  DIGEST_BYTES,
  encodeManifest,
  parseManifest,
  type HashAlgorithm,
  type Manifest,
  type ManifestFile,
} from './lib/codec/manifest.ts';
export { planLate } from './lib/planning/late-joiner.ts';
export { planMesh } from './lib/planning/mesh-planner.ts';
export { choosePieceBytes } from './lib/planning/piece-size.ts';
export {
  planChain,
  planDirect,
  type Planner,
  type PullPlan,
  type RackPlan,
  type SwarmMember,
} from './lib/planning/plan.ts';
export { entryOrder, entryRank, hashMembers, isEntry } from './lib/planning/rack-entry.ts';
export { chooseTopology, sendsManifestToAll } from './lib/planning/transfer-mode.ts';
