/**
 * Every bound of the data plane, with what happens when it is reached. Sources: the values that
 * libtorrent settled on (handshake 10 s, request 60 s, peer 120 s), tightened where one upstream
 * holds up a whole chain, and the reference's own frame limits.
 */

/** Block size of wire v1, bytes. */
export const V1_BLOCK_BYTES = 32 * 1024;

/** Longest block that a v1 peer may ask for: the reference drops frames above 128 KiB. */
export const MAX_REQUEST_BYTES = 128 * 1024 - 9;

/** Block size of wire v2, bytes: large enough to make the cost of a frame small beside its data. */
export const V2_BLOCK_BYTES = 256 * 1024;

/** Pieces in one HAVE_MANY; more go in several. */
export const MAX_HAVE_MANY = 1024;

/** v1 header, without its length prefix: a longer one is refused on its first four bytes. */
export const MAX_HEADER_BYTES = 200;

/** Pieces asked of one source and not yet complete; more are asked for as these complete. */
export const MAX_PIECES_IN_REQUEST = 4;

/**
 * Pieces that a receiver has asked of all its sources together. A piece waits at its source behind
 * those of others and can be passed on only when it is whole, so throughput is near window/(window + 1)
 * of the link. Large pieces make fewer do: never more than MAX_WINDOW_BYTES, never less than the
 * minimum.
 */
export const WINDOW_PIECES = 12;
export const MIN_WINDOW_PIECES = 3;
export const MAX_WINDOW_BYTES = 12 * 1024 * 1024;

/** Of these at least so many are asked of one source; more where the sources are few. */
export const MIN_PIECES_PER_SOURCE = 2;

/** A source gets this many times as long as its queue should take, and never less than the minimum. */
export const DEADLINE_FACTOR = 4;
export const MIN_DEADLINE_MS = 1_000;

/** Deadlines missed and pieces rejected in a row after which a source is replaced. */
export const MAX_FAILURES_IN_ROW = 3;

/** Share of the task's bytes that may be asked of two sources at once, at the end; one piece at least. */
export const MAX_DUPLICATE_SHARE = 0.01;

/** Without a piece for this long, a host of a rack fetches what the entry for it should have fetched. */
export const WIDEN_AFTER_MS = 1_000;

/** Without a piece for this long while some are missing, the server is asked for any of them. */
export const FALLBACK_AFTER_MS = 3_000;

/**
 * HAVEs are gathered this long after the last ones left, and longer where they leave late, because the
 * process is behind and each message makes it more so; never longer than the maximum.
 */
export const HAVE_DELAY_MS = 5;
export const MAX_HAVE_DELAY_MS = 40;

/** First copies that the server shows to one agent ahead of its HAVEs; more where agents are few. */
export const MIN_SCATTER_PIECES = 2;

/**
 * First copies on their way to all agents together. They share the server's link, so each is as late as
 * all of them are, and nobody can pass one on before: few, but enough to keep the link busy while
 * agents verify and answer.
 */
export const SCATTER_WINDOW_PIECES = 16;
export const SCATTER_WINDOW_BYTES = 4 * 1024 * 1024;

/** A first copy that takes this many times the usual, and at least the minimum, is shown to another. */
export const SCATTER_LATE_FACTOR = 4;
export const SCATTER_LATE_MIN_MS = 1_000;

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

/** Peers of one task that dialled us; one more is closed at once. Our own sources come on top. */
export const MAX_PEERS_PER_TASK = 256;

/** The same for a server that every agent of a task is connected to. */
export const MAX_PEERS_OF_ORIGIN = 16_384;

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

/**
 * Time without a block from anybody after which the task fails on a host that has banned the server: what
 * agents have of it they have given by then, and nothing new comes into the swarm that it could believe.
 */
export const NOTHING_GOOD_TIMEOUT_MS = 60_000;

/** Redial delay: first, doubled at each failure in a row, never above the last; fully jittered. */
export const REDIAL_FIRST_MS = 500;
export const REDIAL_MAX_MS = 30_000;

/** A refused handshake often means "task not known yet": tried again at once this many times. */
export const HANDSHAKE_RETRIES = 3;
export const HANDSHAKE_RETRY_MS = 200;
