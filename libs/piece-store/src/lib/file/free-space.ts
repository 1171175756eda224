/** Whether files fit on the disk of a folder, what was received before counted as there. */
import type { Stats } from 'node:fs';
import fsp from 'node:fs/promises';
import { StoreError } from '../errors.ts';
import type { HeldFolder } from './held-folder.ts';
import { partName } from './part-file.ts';

/** `blocks` of a file's status are of this size, whatever the disk has (stat(2)). */
const STATUS_BLOCK_BYTES = 512;

/** What is there of a file of an earlier run. @param work the task's own directory */
export function findPart(work: HeldFolder, file: number): Promise<Stats | undefined> {
  return work.use(partName(file), (step) => fsp.lstat(step)).catch(() => undefined);
}

/** Room that a file of this length still takes. */
export function unwrittenBytes(lengthBytes: number, part: Stats | undefined): number {
  return Math.max(0, lengthBytes - (part ? part.blocks * STATUS_BLOCK_BYTES : 0));
}

/** @throws StoreError NO_SPACE */
export function assertFits(folder: HeldFolder, freeBytes: number, neededBytes: number): void {
  if (neededBytes <= freeBytes) return;
  const message = `${folder.path} has ${freeBytes} bytes free, ${neededBytes} are needed`;
  throw new StoreError('NO_SPACE', message);
}
