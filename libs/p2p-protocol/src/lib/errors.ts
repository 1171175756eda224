/** Why a connection is closed. Stable codes: they stand in logs and counters (docs/protocol.md). */
export type ProtocolErrorCode =
  // The peer broke the protocol.
  | 'P2P_FRAME_TOO_LARGE'
  | 'P2P_BAD_LENGTH'
  | 'P2P_UNKNOWN_MESSAGE'
  | 'P2P_HEADER_TOO_LARGE'
  | 'P2P_BAD_HEADER'
  | 'P2P_BITFIELD_EXPECTED'
  | 'P2P_BITFIELD_REPEATED'
  | 'P2P_BAD_BITFIELD'
  | 'P2P_PIECE_OUT_OF_RANGE'
  | 'P2P_BLOCK_OUT_OF_RANGE'
  | 'P2P_PIECE_NOT_OWNED'
  | 'P2P_BLOCK_UNREQUESTED'
  | 'P2P_TOO_MANY_REQUESTS'
  // The peer did not do what it should in time, or proved useless.
  | 'P2P_BITFIELD_TIMEOUT'
  | 'P2P_REQUEST_TIMEOUT'
  | 'P2P_UPLOAD_STALLED'
  | 'P2P_STARVED'
  | 'P2P_BAD_PIECE'
  // Nothing is wrong with the peer.
  | 'P2P_TOO_MANY_PEERS'
  | 'P2P_UPSTREAM_REPLACED'
  | 'P2P_TASK_ENDED';

/** Why a session gave its task up. */
export type SessionFailureCode = 'INTEGRITY' | 'NO_SOURCE_REACHABLE' | 'STORE_FAILED';
