/**
 * Which files may be distributed: those that really lie below one of the roots, whatever the path that
 * names them looks like. A file is judged when it is open, by where its descriptor says it lies, so that
 * nothing can be exchanged between the judgement and the reading. The look at the path before that only
 * spares outsiders an opening, which may have effects of its own (devices, FIFOs).
 */
import fs from 'node:fs';
import fsp from 'node:fs/promises';
import { basename, dirname, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { errnoOf, StoreError } from '../errors.ts';

const statFile = promisify(fs.fstat);

/** The kernel's own answer to where a descriptor lies (Linux). */
const DESCRIPTOR_LINKS = '/proc/self/fd';

export interface SourceFenceOptions {
  /** Absolute paths of folders that exist. */
  readonly roots: readonly string[];
  /**
   * A file with a second name may lie outside as well, and nobody can tell: such files are refused.
   * @default false
   */
  readonly allowsHardLinks?: boolean | undefined;
}

export class SourceFence {
  /** As given and as they really are. */
  readonly #named: readonly string[];
  readonly #real: readonly string[];
  readonly #allowsHardLinks: boolean;

  /** Resolves the roots once: what a link of theirs points to later is not let in. */
  constructor({ roots, allowsHardLinks = false }: SourceFenceOptions) {
    this.#named = roots.map((root) => resolve(root));
    this.#real = roots.map((root) => fs.realpathSync(root));
    this.#allowsHardLinks = allowsHardLinks;
  }

  /**
   * Looks at a path without opening it. What does not exist is let through where its folder is inside:
   * that it does not exist is told there only.
   * @throws StoreError SOURCE_FORBIDDEN
   */
  async assertPath(path: string): Promise<void> {
    const real = await realPathOf(path);
    if (real === undefined) {
      if (!this.#isNamedInside(path)) throw outside(path);
    } else {
      if (!this.#isInside(real)) throw outside(path);
      const stat = await fsp.lstat(real).catch(() => undefined);
      if (stat) this.#assertOneName(stat, path);
    }
  }

  /** @param descriptor of the file that `path` led to. @throws StoreError SOURCE_FORBIDDEN */
  async assertOpen(descriptor: number, path: string): Promise<void> {
    const real = await pathOfDescriptor(descriptor, path);
    if (real === undefined || !this.#isInside(real)) throw outside(path);
    this.#assertOneName(await statFile(descriptor), path);
  }

  /** Folders always have several names; that they are no files is told elsewhere. */
  #assertOneName(stat: fs.Stats, path: string): void {
    if (this.#allowsHardLinks || stat.nlink <= 1 || !stat.isFile()) return;
    throw new StoreError(
      'SOURCE_FORBIDDEN',
      `${path} is a hard link: the file may lie outside control.sourceRoots; copy it, or set control.sourceHardLinks`,
    );
  }

  #isInside(real: string): boolean {
    return this.#real.some((root) => isBelow(root, real));
  }

  #isNamedInside(path: string): boolean {
    const named = resolve(path);
    return [...this.#named, ...this.#real].some((root) => isBelow(root, named));
  }
}

function isBelow(root: string, path: string): boolean {
  return path.startsWith(root.endsWith(sep) ? root : root + sep);
}

function outside(path: string): StoreError {
  return new StoreError(
    'SOURCE_FORBIDDEN',
    `${path} is not below any of the folders in control.sourceRoots`,
  );
}

/** Of the file, or where that is missing of its nearest folder, with the rest behind it. */
async function realPathOf(path: string): Promise<string | undefined> {
  try {
    return await fsp.realpath(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') return undefined;
  }
  try {
    return resolve(await fsp.realpath(dirname(path)), basename(path));
  } catch {
    return undefined;
  }
}

/** Undefined where it cannot be told for certain. */
async function pathOfDescriptor(descriptor: number, path: string): Promise<string | undefined> {
  try {
    return await fsp.readlink(`${DESCRIPTOR_LINKS}/${descriptor}`);
  } catch {
    return samePathOf(descriptor, path);
  }
}

/** Where descriptors have no links: the path leads to this very file, or it cannot be told. */
async function samePathOf(descriptor: number, path: string): Promise<string | undefined> {
  const real = await fsp.realpath(path).catch(() => undefined);
  if (real === undefined) return undefined;
  const [opened, named] = [await statFile(descriptor), await fsp.lstat(real)];
  return opened.dev === named.dev && opened.ino === named.ino ? real : undefined;
}
