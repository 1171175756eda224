/** Sample tasks on a real disk, as server and agent keep them; gone when the test ends. */
import fs from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { FilePieceStore, SourcePieceStore } from '@gofd/piece-store';
import type { SampleTask } from '@gofd/piece-store/testing';
import { onTestFinished } from 'vitest';
import { TASK_ID } from './nodes.ts';

async function temporaryFolder(): Promise<string> {
  const path = await fs.mkdtemp(join(os.tmpdir(), 'gofd-'));
  onTestFinished(() => fs.rm(path, { recursive: true, force: true }));
  return path;
}

/** The files of a task as the server opens them. */
export async function sourceStoreOf(
  task: SampleTask,
): Promise<{ store: SourcePieceStore; paths: string[] }> {
  const folder = await temporaryFolder();
  const paths = task.layout.files.map(({ name }) => join(folder, name));
  for (const [file, path] of paths.entries()) await fs.writeFile(path, task.contents[file] ?? '');
  const store = await SourcePieceStore.open(paths, task.layout.pieceBytes);
  onTestFinished(() => store.close());
  return { store, paths };
}

/** An empty download directory as an agent opens it. */
export async function fileStoreOf({
  layout,
  hashes,
}: SampleTask): Promise<{ store: FilePieceStore; downdir: string }> {
  const downdir = await temporaryFolder();
  const store = await FilePieceStore.open({ downdir, taskId: TASK_ID, layout, hashes });
  onTestFinished(() => store.close());
  await store.recover(() => undefined);
  return { store, downdir };
}
