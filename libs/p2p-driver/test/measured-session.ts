/** One session with a pool of its own whose highest mark can be read: what DataPlane hides. */
import {
  Bitfield,
  createPrng,
  TaskGeometry,
  TaskSession,
  UNLIMITED,
  V1_BLOCK_BYTES,
} from '@gofd/p2p-protocol';
import { BufferPool, type PieceBuffer, type PieceStore } from '@gofd/piece-store';
import type { SampleTask } from '@gofd/piece-store/testing';
import { onTestFinished } from 'vitest';
import { systemClock, type Clock } from '../src/lib/clock.ts';
import { dial, type DialTarget } from '../src/lib/dialer.ts';
import { PeerListener } from '../src/lib/peer-listener.ts';
import { SessionMeter } from '../src/lib/session-meter.ts';
import { Traffic } from '../src/lib/traffic.ts';
import { SessionDriver } from '../src/lib/session-driver.ts';
import { V1Dialling } from '../src/lib/v1-handshake.ts';
import { goodHeader, HOST, parseAddress, TASK_ID, type RunningTask } from './nodes.ts';

export class MeasuredPool extends BufferPool {
  mostBytes = 0;

  override async acquire(byteCount: number): Promise<PieceBuffer> {
    return this.#measured(await super.acquire(byteCount));
  }

  override acquireNow(byteCount: number): PieceBuffer {
    return this.#measured(super.acquireNow(byteCount));
  }

  #measured(buffer: PieceBuffer): PieceBuffer {
    this.mostBytes = Math.max(this.mostBytes, this.allocatedBytes);
    return buffer;
  }
}

export interface MeasuredOptions {
  readonly budgetBytes: number;
  readonly store: PieceStore;
  /** @default nothing */
  readonly stored?: Bitfield;
  readonly clock?: Clock;
}

export async function startMeasuredSession(
  { layout }: SampleTask,
  options: MeasuredOptions,
): Promise<{ running: RunningTask; pool: MeasuredPool; port: number }> {
  const { totalBytes, pieceBytes, pieceCount } = layout;
  const geometry = new TaskGeometry({ totalBytes, pieceBytes, blockBytes: V1_BLOCK_BYTES });
  const stored = options.stored ?? Bitfield.empty(pieceCount);
  const pool = new MeasuredPool(options.budgetBytes);
  const closings: string[] = [];
  const clock = options.clock ?? systemClock;
  const session = new TaskSession({
    geometry,
    stored,
    limits: { hostUpload: UNLIMITED },
    prng: createPrng(1),
  });
  const driver = new SessionDriver({
    session,
    meter: new SessionMeter({ traffic: new Traffic(), nowMs: () => clock.nowMs(), session }),
    geometry,
    store: options.store,
    pool,
    clock,
    dial: (address, signal) =>
      dial(parseAddress(address) as DialTarget, new V1Dialling(goodHeader()), signal),
    observer: {
      progressed: () => undefined,
      finished: () => {
        running.isFinished = true;
      },
      failed: (code) => {
        running.failure = code;
      },
      peerClosed: (_address, code) => closings.push(code),
    },
  });
  const running: RunningTask = { driver, closings, failure: undefined, isFinished: false };
  const listener = new PeerListener({
    authenticate: () => Promise.resolve(true),
    securityOf: (taskId) => (taskId === TASK_ID ? { version: 1 } : undefined),
    accept: (_peer, connection) => driver.accept(connection),
    refused: () => undefined,
  });
  const port = await listener.listen(HOST, 0);
  onTestFinished(() => {
    driver.close();
    return listener.close();
  });
  return { running, pool, port };
}
