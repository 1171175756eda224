/** Data planes on 127.0.0.1 that serve and fetch sample tasks; all of it ends with the test. */
import {
  Bitfield,
  encodeHeader,
  TaskGeometry,
  V1_BLOCK_BYTES,
  type TaskStream,
} from '@gofd/p2p-protocol';
import type { PieceStore } from '@gofd/piece-store';
import { MemoryPieceStore, type SampleTask } from '@gofd/piece-store/testing';
import { onTestFinished } from 'vitest';
import type { Clock } from '../src/lib/clock.ts';
import { DataPlane } from '../src/lib/data-plane.ts';
import type { DialTarget } from '../src/lib/dialer.ts';
import type { TaskSecurity } from '../src/lib/handshake.port.ts';
import type { SessionDriver } from '../src/lib/session-driver.ts';
import { waitUntil } from './waiting.ts';

export const TASK_ID = 't1';
export const HOST = '127.0.0.1';
const MIB = 2 ** 20;

export const GOOD_PROOF = { username: 'gofd', digest: 'good', salt: 'salt' };

/** The encoded header of a peer that knows the password. */
export function goodHeader(taskId = TASK_ID): Uint8Array {
  return headerOf({ ...GOOD_PROOF, taskId });
}

export function headerOf(fields: Parameters<typeof encodeHeader>[0]): Uint8Array {
  const header = encodeHeader(fields);
  if (!header) throw new Error('the header is too long');
  return header;
}

export interface NodeOptions {
  /** @default 25 MiB */
  readonly cacheBytes?: number;
  /** @default unlimited */
  readonly uploadBytesPerSecond?: number;
  /** @default unlimited */
  readonly downloadBytesPerSecond?: number;
  /** @default unlimited */
  readonly peerUploadBytesPerSecond?: number;
  /** Name in a v2 handshake. @default none */
  readonly agentId?: string;
  readonly clock?: Clock;
}

export interface Node {
  readonly plane: DataPlane;
  readonly port: number;
  readonly address: string;
  /** Why dialling peers were turned away, in order. */
  readonly refusals: string[];
}

export async function startNode(options: NodeOptions = {}): Promise<Node> {
  const refusals: string[] = [];
  const plane = new DataPlane({
    cacheBytes: options.cacheBytes ?? 25 * MIB,
    uploadBytesPerSecond: options.uploadBytesPerSecond ?? Infinity,
    downloadBytesPerSecond: options.downloadBytesPerSecond ?? Infinity,
    peerUploadBytesPerSecond: options.peerUploadBytesPerSecond ?? Infinity,
    authenticate: ({ digest }) => Promise.resolve(digest === GOOD_PROOF.digest),
    headerFor: goodHeader,
    parseAddress,
    refused: (_address, code) => refusals.push(code),
    ...(options.agentId !== undefined && { agentId: options.agentId }),
    ...(options.clock && { clock: options.clock }),
  });
  const port = await plane.listen(HOST, 0);
  onTestFinished(() => plane.shutDown());
  return { plane, port, address: `${HOST}:${port}`, refusals };
}

export function parseAddress(address: string): DialTarget | undefined {
  const match = /^(.+):(\d+)$/.exec(address);
  return match ? { host: match[1] ?? '', port: Number(match[2]) } : undefined;
}

/** What happened to one task on one node. */
export interface RunningTask {
  readonly driver: SessionDriver;
  /** Codes with which connections were closed, in order. */
  readonly closings: string[];
  /** Code of the failure, if the session gave up. */
  failure: string | undefined;
  isFinished: boolean;
}

export interface RunOptions {
  readonly taskId?: string;
  readonly stream?: TaskStream;
  readonly security?: TaskSecurity;
  readonly blockBytes?: number;
  readonly stored?: Bitfield;
  /** Called after each stored piece. */
  readonly progressed?: (byteCount: number) => void;
}

/** Opens a session that holds nothing, or what `stored` says; it does not pull yet. */
export function openTask(
  node: Node,
  task: SampleTask,
  store: PieceStore,
  options: RunOptions = {},
): RunningTask {
  const { totalBytes, pieceBytes, pieceCount } = task.layout;
  const blockBytes = options.blockBytes ?? V1_BLOCK_BYTES;
  const closings: string[] = [];
  const driver = node.plane.open({
    taskId: options.taskId ?? TASK_ID,
    ...(options.stream && { stream: options.stream }),
    ...(options.security && { security: options.security }),
    geometry: new TaskGeometry({ totalBytes, pieceBytes, blockBytes }),
    stored: options.stored ?? Bitfield.empty(pieceCount),
    store,
    observer: {
      progressed: (byteCount) => options.progressed?.(byteCount),
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
  return running;
}

/** Serves every piece of a task, by default from memory. */
export async function serveTask(
  node: Node,
  task: SampleTask,
  options: RunOptions & { readonly store?: PieceStore } = {},
): Promise<RunningTask> {
  const store = options.store ?? (await fullStore(task));
  return openTask(node, task, store, { ...options, stored: Bitfield.full(task.layout.pieceCount) });
}

/** Pulls a task from the upstreams, by default into memory. */
export function fetchTask(
  node: Node,
  task: SampleTask,
  upstreams: readonly string[],
  options: RunOptions & { readonly store?: PieceStore } = {},
): RunningTask {
  const running = openTask(node, task, options.store ?? emptyStore(task), options);
  running.driver.setSources({ sources: upstreams, degree: 1 });
  return running;
}

export function emptyStore({ hashes }: SampleTask): MemoryPieceStore {
  return new MemoryPieceStore(hashes);
}

export async function fullStore(task: SampleTask): Promise<MemoryPieceStore> {
  const store = emptyStore(task);
  await fillStore(store, task);
  return store;
}

export async function fillStore(store: PieceStore, task: SampleTask): Promise<void> {
  for (let piece = 0; piece < task.layout.pieceCount; piece++) {
    await store.write(piece, task.piece(piece));
  }
}

/** Everything a store holds, joined. */
export async function storedBytes(store: PieceStore, { layout }: SampleTask): Promise<Buffer> {
  const bytes = Buffer.alloc(layout.totalBytes);
  for (let piece = 0; piece < layout.pieceCount; piece++) {
    const start = piece * layout.pieceBytes;
    await store.read(piece, bytes.subarray(start, start + layout.pieceLength(piece)));
  }
  return bytes;
}

/** Waits until a task is complete; a failure ends the wait at once. */
export async function finished(running: RunningTask): Promise<void> {
  await waitUntil('the task is finished', () => {
    if (running.failure !== undefined) throw new Error(`the task failed: ${running.failure}`);
    return running.isFinished;
  });
}
