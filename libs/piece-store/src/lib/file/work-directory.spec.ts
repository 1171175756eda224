import fs from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/temporary-folder.ts';
import {
  createTaskDirectory,
  listTaskDirectories,
  removeEmptyTaskDirectory,
} from './work-directory.ts';

describe('removeEmptyTaskDirectory', () => {
  it('removes what holds nothing', async () => {
    const downdir = await temporaryFolder();
    await createTaskDirectory(downdir, 't1');
    await removeEmptyTaskDirectory(downdir, 't1');
    expect(await listTaskDirectories(downdir)).toEqual([]);
  });

  it('leaves the parts of an earlier attempt', async () => {
    const downdir = await temporaryFolder();
    const path = await createTaskDirectory(downdir, 't1');
    await fs.writeFile(join(path, '0.part'), 'x');
    await removeEmptyTaskDirectory(downdir, 't1');
    expect(await fs.readdir(path)).toEqual(['0.part']);
  });

  it('does nothing where there is nothing', async () => {
    const downdir = await temporaryFolder();
    await removeEmptyTaskDirectory(downdir, 't1');
    await createTaskDirectory(downdir, 't1');
    await removeEmptyTaskDirectory(downdir, 't2');
    expect(await listTaskDirectories(downdir)).toEqual(['t1']);
  });

  it('B60: follows no link out of the download directory', async () => {
    const [downdir, elsewhere] = [await temporaryFolder(), await temporaryFolder()];
    await fs.mkdir(join(elsewhere, 't1'));
    await fs.symlink(elsewhere, join(downdir, '.gofd'));
    await expect(removeEmptyTaskDirectory(downdir, 't1')).rejects.toMatchObject({
      code: 'DEST_NOT_REGULAR',
    });
    expect(await fs.readdir(elsewhere)).toEqual(['t1']);
  });
});
