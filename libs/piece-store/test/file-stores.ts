/** Shorthands for tests of FilePieceStore: open, recover, fill. The store is closed with its test. */
import { onTestFinished } from 'vitest';
import { FilePieceStore } from '../src/lib/file/file-piece-store.ts';
import type { SampleTask } from '../src/testing/sample-task.ts';

export const TASK_ID = 't1';

/** A store of the task as a new run of the agent would open it, nothing hashed yet. */
export async function openStore(
  downdir: string,
  task: SampleTask,
  taskId = TASK_ID,
): Promise<FilePieceStore> {
  const { layout, hashes } = task;
  const store = await FilePieceStore.open({ downdir, taskId, layout, hashes });
  onTestFinished(() => store.close());
  return store;
}

/** Pieces that are missing after the store has looked at what an earlier run left. */
export async function recoverMissing(store: FilePieceStore, task: SampleTask): Promise<number[]> {
  const found = new Set<number>();
  await store.recover((piece) => found.add(piece));
  return allPieces(task).filter((piece) => !found.has(piece));
}

export function allPieces({ layout }: SampleTask): number[] {
  return Array.from({ length: layout.pieceCount }, (_, piece) => piece);
}

/** A store that is ready for writing, and what it lacks. */
export async function recoveredStore(
  downdir: string,
  task: SampleTask,
  taskId = TASK_ID,
): Promise<{ store: FilePieceStore; missing: number[] }> {
  const store = await openStore(downdir, task, taskId);
  return { store, missing: await recoverMissing(store, task) };
}

export async function writePieces(
  store: FilePieceStore,
  task: SampleTask,
  pieces: readonly number[],
): Promise<void> {
  for (const piece of pieces) await store.write(piece, task.piece(piece));
}

/** Opens, fetches what is missing, places and closes: one run of an agent without disturbance. */
export async function completeTask(downdir: string, task: SampleTask): Promise<number[]> {
  const { store, missing } = await recoveredStore(downdir, task);
  await writePieces(store, task, missing);
  await store.place();
  await store.close();
  return missing;
}
