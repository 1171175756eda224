/**
 * Somebody who may write to the download directory puts a link out of it in the place of a name of
 * ours, while tasks are received there. `GOFD_SYMLINK_SWAPS=100000` makes it long.
 */
import fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allPieces, TASK_ID, writePieces } from '../../../test/file-stores.ts';
import { LinkPlanter, MIN_SWAPS } from '../../../test/link-planter.ts';
import { fingerprint, temporaryFolder } from '../../../test/temporary-folder.ts';
import { sampleTask, type SampleTask } from '../../testing/sample-task.ts';
import { StoreError } from '../errors.ts';
import { FilePieceStore } from './file-piece-store.ts';
import { canHoldFolders } from './held-folder.ts';
import { inTaskDirectory, listTaskDirectories, removeTaskDirectory } from './work-directory.ts';

const TASK = sampleTask({ pieceBytes: 64, fileLengths: [100, 40] });
/** Rounds that must have come through, so that the race is one. */
const MIN_COMPLETED = 5;
const TIMEOUT_MS = 60_000 + MIN_SWAPS * 10;

/** As an agent does with a task from its create call to its end. */
async function receiveAndRemove(downdir: string, task: SampleTask): Promise<void> {
  const { layout, hashes } = task;
  await listTaskDirectories(downdir);
  const store = await FilePieceStore.open({ downdir, taskId: TASK_ID, layout, hashes });
  try {
    await store.recover(() => undefined);
    await inTaskDirectory(downdir, TASK_ID, (folder) =>
      folder.use('task.json', (step) => fs.writeFile(step, 'journal', { flag: 'wx' })),
    );
    await writePieces(store, task, allPieces(task));
    await store.place();
  } finally {
    await store.close();
    await removeTaskDirectory(downdir, TASK_ID);
  }
}

/** A tree that looks like what an agent works on: whoever is led here finds every name it wants. */
async function aCanary(folder: string): Promise<string> {
  const inner = join(folder, 'canary', 'inner');
  for (const sub of ['', TASK_ID, join('.gofd', TASK_ID)]) {
    await fs.mkdir(join(inner, sub), { recursive: true });
    for (const name of ['0.part', '1.part', 'file-0', 'file-1', 'task.json']) {
      await fs.writeFile(join(inner, sub, name), `do not touch ${name}`);
    }
  }
  return inner;
}

const whereTheyAre = [
  ['.gofd', ''],
  [join('.gofd', TASK_ID), TASK_ID],
  [join('.gofd', TASK_ID, '0.part'), '0.part'],
  ['file-0', 'file-0'],
] as const;

describe.skipIf(!canHoldFolders)('S14: a download directory under attack', () => {
  it.each(whereTheyAre)(
    `B60: %s replaced ${MIN_SWAPS} times by a link out of it leads nobody astray`,
    async (name, target) => {
      const folder = await temporaryFolder();
      const downdir = join(folder, 'down');
      await fs.mkdir(join(downdir, '.gofd', TASK_ID), { recursive: true, mode: 0o700 });
      const canary = await aCanary(folder);
      const before = await fingerprint(dirname(canary));
      const planter = LinkPlanter.start(join(downdir, name), join(canary, target));
      const endsAtMs = performance.now() + TIMEOUT_MS / 2;
      const outcomes = new Map<string, number>();
      const count = (outcome: string): void => {
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      };
      while (planter.plantedCount < MIN_SWAPS || (outcomes.get('completed') ?? 0) < MIN_COMPLETED) {
        if (performance.now() > endsAtMs) throw new Error(JSON.stringify([...outcomes]));
        await receiveAndRemove(downdir, TASK).then(
          () => count('completed'),
          (error: unknown) => count(error instanceof StoreError ? error.code : codeOf(error)),
        );
      }
      await planter.stop();
      expect(await fingerprint(dirname(canary))).toEqual(before);
      expect(outcomes.get('UNEXPECTED')).toBeUndefined();
    },
    TIMEOUT_MS,
  );
});

/** The journal's file is written here without the journal's own reading of errors. */
function codeOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return ['EEXIST', 'ENOENT', 'ELOOP'].includes(code) ? code : 'UNEXPECTED';
}
