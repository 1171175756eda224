/** What the event streams hold at most. */

/** Least time between two tellings of one stream. */
export const EVENT_INTERVAL_MS = 250;
/** A comment is sent this often, so that nobody in between takes a quiet stream for a dead one. */
export const KEEP_ALIVE_MS = 15_000;
/** A client that takes nothing for so long is cut; nothing is piled up for it meanwhile. */
export const MAX_UNREAD_MS = 30_000;
/** Streams at once; a further one is refused with TOO_MANY_STREAMS. */
export const MAX_STREAMS = 256;
/** Hosts of one `hosts` event. */
export const MAX_ROWS_PER_EVENT = 1_000;
/** Tasks of one `tasks` event. */
export const MAX_TASKS_PER_EVENT = 100;
