/**
 * One limiter measurement: a sender and its receivers, each a process of its own, on loopback. The
 * clock starts when all receivers have got pieces and some time has passed, so that neither
 * start nor compilation is measured; from then on what is missing is missed, and what is too much counts.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { TASK_KEY_BYTES } from '@gofd/auth-crypto';
import { startWatchingOthers } from '../measure/run-meter.ts';
import { ForkedProcess } from './forked-process.ts';
import type { LimiterReading } from './limiter-case.ts';
import type {
  CountOrder,
  Listening,
  ReceivedCount,
  ReceiverOrders,
  SenderOrders,
  SentCount,
} from './plane-orders.ts';

const SENDER_PATH = fileURLToPath(new URL('limiter-sender.ts', import.meta.url));
const RECEIVER_PATH = fileURLToPath(new URL('limiter-receiver.ts', import.meta.url));
const WARM_UP_MS = 2_000;
/** From the start of the processes to the first pieces, and from asking for a count to having it, ms. */
const PATIENCE_MS = 60_000;

export interface LimiterOrders {
  readonly peers: number;
  /** Undefined: what the machine can move. */
  readonly bytesPerSecond?: number;
  readonly seconds: number;
}

/** @throws Error when a byte was wrong, a connection was closed, or a process ended */
export async function measureLimiter(
  orders: LimiterOrders,
  signal: AbortSignal,
): Promise<LimiterReading> {
  const { seconds } = orders;
  const processes: ForkedProcess[] = [];
  const limit = AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000 + PATIENCE_MS)]);
  // What is waited for then fails, because nobody is left who could say it.
  const endAll = (): void => void Promise.all(processes.map((one) => one.end()));
  limit.addEventListener('abort', endAll);
  try {
    const { sender, receivers } = await startAll(orders, processes);
    await sleep(WARM_UP_MS, undefined, { signal: limit });
    return await count(sender, receivers, { seconds });
  } catch (error) {
    limit.throwIfAborted();
    throw error;
  } finally {
    limit.removeEventListener('abort', endAll);
    await Promise.all(processes.map((one) => one.end()));
  }
}

interface Ends {
  readonly sender: ForkedProcess;
  readonly receivers: readonly ForkedProcess[];
}

async function startAll(
  { peers, bytesPerSecond }: LimiterOrders,
  processes: ForkedProcess[],
): Promise<Ends> {
  const keyHex = randomBytes(TASK_KEY_BYTES).toString('hex');
  const start = (path: string, orders: SenderOrders | ReceiverOrders): ForkedProcess => {
    const one = new ForkedProcess(path, orders);
    processes.push(one);
    return one;
  };
  const limited = bytesPerSecond !== undefined && { bytesPerSecond };
  const sender = start(SENDER_PATH, { keyHex, ...limited });
  const { address } = await sender.next<Listening>();
  const receivers = Array.from({ length: peers }, () => start(RECEIVER_PATH, { keyHex, address }));
  await Promise.all(receivers.map((receiver) => receiver.next()));
  return { sender, receivers };
}

async function count(
  sender: ForkedProcess,
  receivers: readonly ForkedProcess[],
  order: CountOrder,
): Promise<LimiterReading> {
  const all = [sender, ...receivers];
  const readOthers = startWatchingOthers(all.map(({ pid }) => pid));
  for (const one of all) one.tell(order);
  const sent = await sender.next<SentCount>();
  const received = await Promise.all(receivers.map((one) => one.next<ReceivedCount>()));
  const othersShare = readOthers();
  assertAllWell(received);
  const receivedBytes = received.reduce((sum, one) => sum + one.receivedBytes, 0);
  return { ...sent, receivedBytes, othersShare };
}

function assertAllWell(received: readonly ReceivedCount[]): void {
  const wrong = received.reduce((sum, { wrongPieces }) => sum + wrongPieces, 0);
  const [mishap] = received.flatMap(({ mishaps }) => mishaps);
  if (wrong > 0) throw new Error(`${wrong} pieces were not what was sent`);
  if (mishap !== undefined) throw new Error(mishap);
}
