/**
 * A receiving side of a limiter measurement: `limiter-receiver.ts ORDERS`, forked. Pulls from the sender
 * alone and compares every piece with what it must be. Says when the first pieces are in; asked to
 * count, it answers what came in during that time. Ends with its parent.
 */
import { Bitfield } from '@gofd/p2p-protocol';
import { createPlane, ENDLESS_TASK, EndlessStore, securityOf, TASK_ID } from './endless-task.ts';
import type { CountOrder, ReceivedCount, ReceiverOrders } from './plane-orders.ts';

const CACHE_BYTES = 50 * 1024 * 1024;
const MS_PER_SECOND = 1000;

const orders = JSON.parse(process.argv[2] ?? '{}') as ReceiverOrders;
const store = new EndlessStore();
const mishaps: string[] = [];
let isReceiving = false;

const plane = createPlane({ cacheBytes: CACHE_BYTES, uploadBytesPerSecond: Infinity });
const session = plane.open({
  taskId: TASK_ID,
  security: securityOf(orders.keyHex),
  geometry: ENDLESS_TASK,
  stored: Bitfield.empty(ENDLESS_TASK.pieceCount),
  store,
  observer: {
    progressed: () => {
      if (isReceiving) return;
      isReceiving = true;
      process.send?.('receiving');
    },
    finished: () => mishaps.push('the data came to its end'),
    failed: (code, message) => mishaps.push(`${code}: ${message}`),
    peerClosed: (_address, code) => mishaps.push(`connection closed: ${code}`),
  },
});

process.on('disconnect', () => process.exit(0));
process.on('message', ({ seconds }: CountOrder) => {
  const before = session.receivedBytes;
  setTimeout(() => {
    const receivedBytes = session.receivedBytes - before;
    const { wrongPieces } = store;
    const count: ReceivedCount = { receivedBytes, wrongPieces, mishaps };
    process.send?.(count);
  }, seconds * MS_PER_SECOND);
});
session.setSources({ sources: [orders.address], degree: 1 });
