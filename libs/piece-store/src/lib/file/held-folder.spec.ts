import fs from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { completeTask, openStore, recoveredStore, TASK_ID } from '../../../test/file-stores.ts';
import { openDescriptorsBelow, temporaryFolder } from '../../../test/temporary-folder.ts';
import { sampleTask } from '../../testing/sample-task.ts';
import { HeldFolder } from './held-folder.ts';
import { createTaskDirectory } from './work-directory.ts';

const TASK = sampleTask({ pieceBytes: 64, fileLengths: [100] });
const modeOf = async (path: string): Promise<number> => (await fs.stat(path)).mode & 0o7777;

async function aFolder(): Promise<{ folder: HeldFolder; path: string }> {
  const path = await temporaryFolder();
  const folder = await HeldFolder.open(path);
  onTestFinished(() => folder.close());
  return { folder, path };
}

describe('a held folder', () => {
  it('stays the one that was opened, whatever stands at its path by then', async () => {
    const { folder, path } = await aFolder();
    const inner = await folder.make('inner');
    await fs.rename(join(path, 'inner'), join(path, 'moved'));
    await fs.mkdir(join(path, 'other'));
    await fs.symlink('other', join(path, 'inner'));
    await inner.use('file', (step) => fs.writeFile(step, 'x'));
    await inner.close();
    expect(await fs.readdir(join(path, 'moved'))).toEqual(['file']);
    expect(await fs.readdir(join(path, 'other'))).toEqual([]);
  });

  it('enters no link and nothing that is no folder, and says when there is nothing', async () => {
    const { folder, path } = await aFolder();
    await fs.mkdir(join(path, 'real'));
    await fs.symlink('real', join(path, 'link'));
    await fs.writeFile(join(path, 'file'), '');
    for (const name of ['link', 'file']) {
      await expect(folder.enter(name)).rejects.toMatchObject({ code: 'DEST_NOT_REGULAR' });
      await expect(folder.make(name)).rejects.toMatchObject({ code: 'DEST_NOT_REGULAR' });
    }
    expect(await folder.enter('none')).toBeUndefined();
  });

  it('removes a tree and the links in it, not what they lead to', async () => {
    const { folder, path } = await aFolder();
    await fs.mkdir(join(path, 'tree', 'sub'), { recursive: true });
    await fs.mkdir(join(path, 'kept'));
    await fs.writeFile(join(path, 'kept', 'file'), '');
    await fs.writeFile(join(path, 'tree', 'sub', 'file'), '');
    await fs.symlink(join(path, 'kept'), join(path, 'tree', 'sub', 'link'));
    await folder.remove('tree');
    expect(await fs.readdir(path, { recursive: true })).toEqual(['kept', 'kept/file']);
    expect(await openDescriptorsBelow(path)).toBe(0);
  });

  it('is used no more once it is closed', async () => {
    const { folder } = await aFolder();
    await folder.close();
    await expect(folder.use('x', () => Promise.resolve())).rejects.toThrow('closed');
  });
});

describe('S14: modes', () => {
  it('a folder of ours that others could write to is shut', async () => {
    const downdir = await temporaryFolder();
    await fs.mkdir(join(downdir, '.gofd'));
    await fs.chmod(join(downdir, '.gofd'), 0o777);
    const path = await createTaskDirectory(downdir, TASK_ID);
    expect(await modeOf(join(downdir, '.gofd'))).toBe(0o700);
    expect(await modeOf(path)).toBe(0o700);
  });

  it('a file that is received is 0644 less the umask, and never setuid', async () => {
    const downdir = await temporaryFolder();
    const part = join(await createTaskDirectory(downdir, TASK_ID), '0.part');
    await fs.writeFile(part, '');
    await fs.chmod(part, 0o6777);
    await completeTask(downdir, TASK);
    expect(await modeOf(join(downdir, 'file-0'))).toBe(0o644);
  });

  it('a part that has a second name elsewhere is refused and left alone', async () => {
    const [downdir, elsewhere] = [await temporaryFolder(), await temporaryFolder()];
    const victim = join(elsewhere, 'victim');
    await fs.writeFile(victim, 'do not touch');
    await fs.link(victim, join(await createTaskDirectory(downdir, TASK_ID), '0.part'));
    await expect(recoveredStore(downdir, TASK)).rejects.toMatchObject({
      code: 'DEST_NOT_REGULAR',
    });
    expect(await fs.readFile(victim, 'utf8')).toBe('do not touch');
  });

  it('what is open is closed with the store', async () => {
    const downdir = await temporaryFolder();
    const store = await openStore(downdir, TASK);
    expect(await openDescriptorsBelow(downdir)).toBe(1);
    await store.close();
    expect(await openDescriptorsBelow(downdir)).toBe(0);
  });
});
