/** Bounds of the sockets, with what happens when they are reached. */

/** From accept, or from dialling, to an accepted handshake; then the socket is closed. */
export const HANDSHAKE_TIMEOUT_MS = 10_000;

/** Connecting alone; a host that does not answer is passed over after this. */
export const CONNECT_TIMEOUT_MS = 5_000;

/** Sockets that have not proved themselves yet: in all and from one address. One more is closed. */
export const MAX_UNPROVEN_SOCKETS = 256;
export const MAX_UNPROVEN_SOCKETS_PER_ADDRESS = 64;

/** One read of a stream of small frames, bytes; what it takes of a block behind them is copied. */
export const READ_BUFFER_BYTES = 8 * 1024;

/** From this on, what is left of a block is read straight into the piece buffer, bytes. */
export const DIRECT_READ_MIN_BYTES = 8 * 1024;

/** Idle time after which the kernel probes a connection, ms: finds peers that vanished. */
export const KEEPALIVE_AFTER_MS = 30_000;
