/** Another agent's data port that pulls a task from one upstream into memory. */
import { onTestFinished } from 'vitest';
import { DataPlane, V1Handshake } from '@gofd/p2p-driver';
import { Bitfield } from '@gofd/p2p-protocol';
import { MemoryPieceStore } from '@gofd/piece-store';
import { parseAddress, type DispatchTaskDto } from '@gofd/task-model';
import { readTaskContent } from '../src/tasks/task-content.ts';
import { CREDENTIALS } from './fake-source.ts';

export interface Downstream {
  /** Every piece has come, and verified. */
  readonly isFinished: boolean;
  /** It has proved itself to the upstream, and is not turned away. */
  readonly isConnected: boolean;
  readonly receivedBytes: number;
  /** How often it has dialled. */
  readonly dialCount: number;
}

/** @param task a call that says all of the content; of v2 when it has a key */
export async function aDownstream(task: DispatchTaskDto, upstream: string): Promise<Downstream> {
  const content = readTaskContent(task);
  if (!content) throw new Error('the call says nothing of the content');
  const { hashes, geometry } = content;
  const handshake = new V1Handshake(CREDENTIALS);
  let dialCount = 0;
  const plane = new DataPlane({
    cacheBytes: 8 * 1024 * 1024,
    uploadBytesPerSecond: Infinity,
    authenticate: () => Promise.resolve(false),
    headerFor: (taskId) => handshake.headerFor(taskId),
    parseAddress: (address) => {
      dialCount += 1;
      return parseAddress(address);
    },
    refused: () => undefined,
  });
  await plane.listen('127.0.0.1', 0);
  onTestFinished(() => plane.shutDown());
  let isFinished = false;
  const session = plane.open({
    taskId: task.taskId,
    ...(task.key !== undefined && {
      security: { version: 2, key: Buffer.from(task.key, 'base64') },
    }),
    geometry,
    stored: Bitfield.empty(geometry.pieceCount),
    store: new MemoryPieceStore(hashes),
    observer: {
      progressed: () => undefined,
      finished: () => {
        isFinished = true;
      },
      failed: () => undefined,
      peerClosed: () => undefined,
    },
  });
  session.setSources({ sources: [upstream], degree: 1 });
  return {
    get isFinished() {
      return isFinished;
    },
    get isConnected() {
      return session.peerCount > 0;
    },
    get dialCount() {
      return dialCount;
    },
    get receivedBytes() {
      return session.receivedBytes;
    },
  };
}
