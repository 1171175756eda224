/**
 * The sending side of a limiter measurement: `limiter-sender.ts ORDERS`, forked. A data plane as a server
 * has it, with an upload limit or none. Says where it listens; asked to count, it answers how much the
 * kernel took in that time, by its own clock. Ends with its parent.
 */
import { Bitfield } from '@gofd/p2p-protocol';
import {
  createPlane,
  ENDLESS_TASK,
  EndlessStore,
  HOST,
  securityOf,
  TASK_ID,
} from './endless-task.ts';
import type { CountOrder, Listening, SenderOrders, SentCount } from './plane-orders.ts';

/** Receivers ask for different pieces: each of them is read once and then served from memory. */
const CACHE_BYTES = 256 * 1024 * 1024;
const MS_PER_SECOND = 1000;

const orders = JSON.parse(process.argv[2] ?? '{}') as SenderOrders;
const plane = createPlane({
  cacheBytes: CACHE_BYTES,
  uploadBytesPerSecond: orders.bytesPerSecond ?? Infinity,
});
const session = plane.open({
  taskId: TASK_ID,
  security: securityOf(orders.keyHex),
  geometry: ENDLESS_TASK,
  stored: Bitfield.full(ENDLESS_TASK.pieceCount),
  store: new EndlessStore(),
  observer: {
    progressed: () => undefined,
    finished: () => undefined,
    failed: () => undefined,
    peerClosed: () => undefined,
  },
});

process.on('disconnect', () => process.exit(0));
process.on('message', ({ seconds }: CountOrder) => {
  const startedAtMs = performance.now();
  const before = session.sentBytes;
  setTimeout(() => {
    const count: SentCount = {
      sentBytes: session.sentBytes - before,
      elapsedMs: performance.now() - startedAtMs,
    };
    process.send?.(count);
  }, seconds * MS_PER_SECOND);
});
const listening: Listening = { address: `${HOST}:${await plane.listen(HOST, 0)}` };
process.send?.(listening);
