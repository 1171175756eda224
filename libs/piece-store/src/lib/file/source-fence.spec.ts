import fs from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { LinkPlanter, MIN_SWAPS } from '../../../test/link-planter.ts';
import { openDescriptorsBelow, temporaryFolder } from '../../../test/temporary-folder.ts';
import { StoreError } from '../errors.ts';
import { SourceFence } from './source-fence.ts';
import { SourcePieceStore } from './source-piece-store.ts';

const SECRET = 'the secret of another service';
const PUBLIC = 'what may be distributed';
const FORBIDDEN = { name: 'StoreError', code: 'SOURCE_FORBIDDEN' };
let root: string;
let outside: string;

beforeEach(async () => {
  [root, outside] = [await temporaryFolder(), await temporaryFolder()];
  await fs.mkdir(join(root, 'sub'));
  await fs.writeFile(join(root, 'sub', 'file'), PUBLIC);
  await fs.writeFile(join(outside, 'secret'), SECRET);
});

const aFence = (roots = [root], allowsHardLinks = false) =>
  new SourceFence({ roots, allowsHardLinks });

async function open(path: string, fence = aFence()): Promise<SourcePieceStore> {
  return SourcePieceStore.open([path], 64, fence);
}

async function contentOf(path: string, fence = aFence()): Promise<string> {
  const store = await open(path, fence);
  try {
    const bytes = Buffer.alloc(store.layout.totalBytes);
    await store.read(0, bytes);
    return bytes.toString();
  } finally {
    await store.close();
  }
}

describe('S09: a source outside of the roots', () => {
  const tricks: [string, () => Promise<string>][] = [
    ['named plainly', () => Promise.resolve(join(outside, 'secret'))],
    ['named by ..', () => Promise.resolve(`${root}/sub/../../${outside.split('/').at(-1)}/secret`)],
    ['named through the root of the process', () => link('/proc/self/root', outside)],
    ['behind a link', () => link(join(outside, 'secret'))],
    ['behind a chain of links', async () => chain(await link(join(outside, 'secret')))],
    ['in a folder behind a link', async () => join(await link(outside), 'secret')],
    ['that is a folder with a like name', () => Promise.resolve(`${root}-other/file`)],
    ['that does not exist, which is nobody`s business', () => Promise.resolve('/etc/no-such-file')],
    ['that is no file', () => Promise.resolve('/dev/zero')],
    ['that is the root itself', () => Promise.resolve(root)],
  ];

  async function link(target: string, below?: string): Promise<string> {
    if (below !== undefined) return join(target, below, 'secret');
    const path = join(root, `link-${Math.random()}`);
    await fs.symlink(target, path);
    return path;
  }

  async function chain(target: string): Promise<string> {
    return link(target);
  }

  it.each(tricks)('%s is refused by name, and never opened', async (_what, make) => {
    const path = await make();
    await expect(aFence().assertPath(path)).rejects.toMatchObject(FORBIDDEN);
    const opening = open(path);
    await expect(opening).rejects.toMatchObject(FORBIDDEN);
    await expect(opening).rejects.toThrow(path);
    expect(await openDescriptorsBelow(outside)).toBe(0);
  });

  it('with a second name inside of them is refused, unless that is allowed', async () => {
    const path = join(root, 'hard');
    await fs.link(join(outside, 'secret'), path);
    await expect(aFence().assertPath(path)).rejects.toMatchObject(FORBIDDEN);
    await expect(open(path)).rejects.toMatchObject(FORBIDDEN);
    expect(await contentOf(path, aFence([root], true))).toBe(SECRET);
  });

  it('is refused when it is open, whatever its path says by then', async () => {
    const file = await fs.open(join(outside, 'secret'));
    try {
      const judging = aFence().assertOpen(file.fd, join(root, 'sub', 'file'));
      await expect(judging).rejects.toMatchObject(FORBIDDEN);
    } finally {
      await file.close();
    }
  });

  it(`that takes the place of one inside is never read, in ${MIN_SWAPS} tries`, async () => {
    const sub = join(root, 'sub');
    await fs.writeFile(join(outside, 'file'), SECRET);
    const planter = LinkPlanter.start(sub, outside);
    const outcomes = new Map<string, number>();
    const count = (outcome: string): void => {
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    };
    while (planter.plantedCount < MIN_SWAPS || (outcomes.get(PUBLIC) ?? 0) < 20) {
      await contentOf(join(sub, 'file')).then(count, (error: unknown) => {
        count(error instanceof StoreError ? error.code : String(error));
      });
    }
    await planter.stop();
    const allowed = [PUBLIC, 'SOURCE_FORBIDDEN', 'SOURCE_NOT_FOUND', 'SOURCE_CHANGED'];
    expect([...outcomes.keys()].filter((outcome) => !allowed.includes(outcome))).toEqual([]);
    expect(outcomes.get('SOURCE_FORBIDDEN')).toBeGreaterThan(0);
  }, 120_000);
});

describe('a source below a root', () => {
  it('is read, also through links and dots that stay inside', async () => {
    await fs.symlink('sub', join(root, 'inner'));
    for (const path of ['sub/file', 'inner/file', 'sub/../inner/./file']) {
      expect(await contentOf(`${root}/${path}`)).toBe(PUBLIC);
    }
  });

  it('is read where the root is a link, by either name', async () => {
    const alias = join(outside, 'alias');
    await fs.symlink(root, alias);
    const fence = aFence([alias]);
    expect(await contentOf(join(alias, 'sub', 'file'), fence)).toBe(PUBLIC);
    expect(await contentOf(join(root, 'sub', 'file'), fence)).toBe(PUBLIC);
  });

  it('that is missing or no file is told to be that', async () => {
    await expect(open(join(root, 'none'))).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' });
    await expect(open(join(root, 'none', 'x'))).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' });
    await expect(open(join(root, 'sub'))).rejects.toMatchObject({ code: 'SOURCE_NOT_REGULAR' });
  });

  it('may be anywhere when the root is /', async () => {
    expect(await contentOf(join(outside, 'secret'), aFence(['/']))).toBe(SECRET);
  });
});
