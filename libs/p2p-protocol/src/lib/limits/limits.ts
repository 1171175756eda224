/**
 * Every bound of the data plane, with what happens when it is reached. Sources: the values that
 * libtorrent settled on (handshake 10 s, request 60 s, peer 120 s), tightened where one upstream
 * holds up a whole chain, and the reference's own frame limits.
 */

/** Block size of wire v1, bytes. */
export const V1_BLOCK_BYTES = 32 * 1024;

/** Longest block that a peer may ask for: the reference drops frames above 128 KiB. */
export const MAX_REQUEST_BYTES = 128 * 1024 - 9;

/** v1 header, without its length prefix: a longer one is refused on its first four bytes. */
export const MAX_HEADER_BYTES = 200;

/** Pieces asked of one source and not yet complete; more are asked for as these complete. */
export const MAX_PIECES_IN_REQUEST = 4;

/**
 * Requests of one peer that wait for an answer; one more closes the connection. The reference asks
 * for five more blocks at every HAVE, so one that falls behind has thousands waiting, quite honestly.
 */
export const MAX_QUEUED_REQUESTS = 65_536;

/**
 * Bytes handed to one peer's socket and not yet taken by the kernel; the rest waits as requests. Small,
 * because a HAVE waits behind them, and because this is what a peer that does not read can pin.
 */
export const SEND_WINDOW_BYTES = 512 * 1024;

/** Peers of one task that dialled us; one more is closed at once. Our own upstream comes on top. */
export const MAX_PEERS_PER_TASK = 256;

/** The first frame after the handshake is the bitfield; a peer that sends none is closed. */
export const BITFIELD_TIMEOUT_MS = 10_000;

/** The oldest piece asked of a source must gain a block in this time, or the source is replaced. */
export const REQUEST_TIMEOUT_MS = 20_000;

/** A source that has nothing new for this long while pieces are missing is replaced. */
export const STARVED_TIMEOUT_MS = 30_000;

/** A peer that takes no byte of what was queued for it for this long is closed. */
export const UPLOAD_STALL_TIMEOUT_MS = 60_000;

/** Bad pieces after which a source is never dialled again for this task. */
export const MAX_BAD_PIECES_PER_SOURCE = 3;

/** Time without any connected source after which the task fails on this host. */
export const NO_SOURCE_TIMEOUT_MS = 10 * 60_000;

/** Redial delay: first, doubled at each failure in a row, never above the last; fully jittered. */
export const REDIAL_FIRST_MS = 500;
export const REDIAL_MAX_MS = 30_000;

/** A refused handshake often means "task not known yet": tried again at once this many times. */
export const HANDSHAKE_RETRIES = 3;
export const HANDSHAKE_RETRY_MS = 200;
