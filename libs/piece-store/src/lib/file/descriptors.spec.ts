import fs from 'node:fs';
import fsp from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openDescriptorsBelow, temporaryFolder } from '../../../test/temporary-folder.ts';
import { Descriptors, MAX_OPEN_FILES } from './descriptors.ts';

let folder: string;
/** Files in the order in which they were opened. */
let opened: number[];

async function openIn(file: number): Promise<number> {
  opened.push(file);
  await Promise.resolve();
  return fs.openSync(join(folder, `${file}`), 'a+');
}

function descriptorsOf(limit: number, open = openIn): Descriptors {
  const descriptors = new Descriptors(open, limit);
  onTestFinished(() => descriptors.close());
  return descriptors;
}

/** What the descriptor is open on. */
function fileOf(descriptor: number): Promise<string> {
  return Promise.resolve(fs.readlinkSync(`/proc/self/fd/${descriptor}`));
}

/** A use that lasts until it is told to end. */
function longUse(
  descriptors: Descriptors,
  file: number,
): { end: () => void; done: Promise<undefined> } {
  const ended = Promise.withResolvers<undefined>();
  const done = descriptors.use(file, () => ended.promise);
  return { end: () => ended.resolve(undefined), done };
}

beforeEach(async () => {
  folder = await temporaryFolder();
  opened = [];
});

describe('Descriptors', () => {
  it('opens a file at its first use and hands the same descriptor to the next', async () => {
    const descriptors = descriptorsOf(2);
    const first = await descriptors.use(0, (descriptor) => Promise.resolve(descriptor));
    const second = await descriptors.use(0, (descriptor) => Promise.resolve(descriptor));
    expect(second).toBe(first);
    expect(opened).toEqual([0]);
  });

  it('opens a file once for uses that come at the same time', async () => {
    const descriptors = descriptorsOf(2);
    const names = await Promise.all([0, 1, 0, 1, 0].map((file) => descriptors.use(file, fileOf)));
    expect(names).toEqual([0, 1, 0, 1, 0].map((file) => join(folder, `${file}`)));
    expect(opened).toEqual([0, 1]);
  });

  it('closes the file that was used least recently when one more is needed', async () => {
    const descriptors = descriptorsOf(2);
    for (const file of [0, 1, 0, 2]) await descriptors.use(file, fileOf);
    expect(descriptors.openFiles()).toEqual([0, 2]);
    expect(await openDescriptorsBelow(folder)).toBe(2);
    await descriptors.use(1, fileOf);
    expect(opened).toEqual([0, 1, 2, 1]);
  });

  it('keeps open what is in use, above the limit if it must, and comes back to the limit', async () => {
    const descriptors = descriptorsOf(1);
    const uses = [0, 1, 2].map((file) => longUse(descriptors, file));
    expect(descriptors.openFiles()).toEqual([0, 1, 2]);
    for (const { end } of uses) end();
    await Promise.all(uses.map(({ done }) => done));
    expect(descriptors.openFiles()).toHaveLength(1);
    expect(await openDescriptorsBelow(folder)).toBe(1);
  });

  it('keeps within a limit that a process can afford unless told otherwise', async () => {
    expect(MAX_OPEN_FILES).toBe(128);
    const descriptors = new Descriptors(openIn);
    onTestFinished(() => descriptors.close());
    for (let file = 0; file < MAX_OPEN_FILES + 10; file++) await descriptors.use(file, fileOf);
    expect(await openDescriptorsBelow(folder)).toBe(MAX_OPEN_FILES);
  });

  it('passes on what the action throws and keeps the file open', async () => {
    const descriptors = descriptorsOf(2);
    const failing = descriptors.use(0, () => Promise.reject(new Error('bad read')));
    await expect(failing).rejects.toThrow('bad read');
    await descriptors.use(0, fileOf);
    expect(opened).toEqual([0]);
  });

  it('tries to open again after opening failed, also for those who waited together', async () => {
    let failures = 1;
    const descriptors = descriptorsOf(2, (file) =>
      failures-- > 0 ? Promise.reject(new Error('EMFILE')) : openIn(file),
    );
    const together = [0, 0, 0].map((file) => descriptors.use(file, fileOf));
    const results = await Promise.allSettled(together);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(descriptors.openFiles()).toEqual([]);
    await expect(descriptors.use(0, fileOf)).resolves.toBe(join(folder, '0'));
  });

  it('forgets an idle file, which the next use opens again', async () => {
    const descriptors = descriptorsOf(2);
    await descriptors.use(0, fileOf);
    await descriptors.forget(0);
    await descriptors.forget(5);
    expect(await openDescriptorsBelow(folder)).toBe(0);
    await descriptors.use(0, fileOf);
    expect(opened).toEqual([0, 0]);
  });

  it('never closes a descriptor under its user: close waits for all uses', async () => {
    const descriptors = descriptorsOf(4);
    const ended = Promise.withResolvers<undefined>();
    const use = descriptors.use(0, async (descriptor) => {
      await ended.promise;
      // By now the number of a closed descriptor would belong to the next file that was opened.
      fs.writeSync(descriptor, 'mine');
      return fileOf(descriptor);
    });
    await descriptors.use(1, fileOf);
    const closing = descriptors.close();
    const others = [7, 8].map((file) => fs.openSync(join(folder, `other-${file}`), 'a+'));
    onTestFinished(() => others.forEach((descriptor) => fs.closeSync(descriptor)));
    ended.resolve(undefined);
    await expect(use).resolves.toBe(join(folder, '0'));
    await closing;
    expect(fs.readFileSync(join(folder, '0'), 'utf8')).toBe('mine');
    expect(await openDescriptorsBelow(folder)).toBe(others.length);
  });

  it('opens nothing after it was closed', async () => {
    const descriptors = descriptorsOf(2);
    await descriptors.use(0, fileOf);
    await descriptors.close();
    await expect(descriptors.use(0, fileOf)).rejects.toThrow('closed');
    expect(opened).toEqual([0]);
    expect(await openDescriptorsBelow(folder)).toBe(0);
  });

  it('closes the rest when one file cannot be closed, and says so', async () => {
    const descriptors = new Descriptors(openIn);
    for (const file of [0, 1, 2]) await descriptors.use(file, fileOf);
    await descriptors.use(1, (descriptor) => Promise.resolve(fs.closeSync(descriptor)));
    await expect(descriptors.close()).rejects.toThrow('EBADF');
    expect(await openDescriptorsBelow(folder)).toBe(0);
  });
});

describe('Descriptors, used by many at once', () => {
  it('gives each use its own file, whatever is opened and closed meanwhile', async () => {
    const descriptors = descriptorsOf(3);
    const files = Array.from({ length: 200 }, (_, use) => (use * 7) % 20);
    const names = await Promise.all(
      files.map((file) =>
        descriptors.use(file, async (descriptor) => {
          await fsp.stat(folder);
          return fileOf(descriptor);
        }),
      ),
    );
    expect(names).toEqual(files.map((file) => join(folder, `${file}`)));
    expect(await openDescriptorsBelow(folder)).toBe(3);
  });
});
