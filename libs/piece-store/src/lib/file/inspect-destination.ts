/**
 * What would be in the way of a task here, found without making, opening for writing or claiming
 * anything: the same checks that `FilePieceStore.open` makes, in the same order, none of them ending the
 * others. What happens between this look and the task itself is not foreseen.
 */
import fsp from 'node:fs/promises';
import { StoreError, toDestinationError } from '../errors.ts';
import { fileNameProblem, WORK_DIRECTORY } from '../layout/file-name.ts';
import type { LayoutFile } from '../layout/file-spans.ts';
import { assertFits, findPart, unwrittenBytes } from './free-space.ts';
import { HeldFolder } from './held-folder.ts';
import { regularFileBytes } from './part-file.ts';

export interface DestinationOptions {
  readonly downdir: string;
  /** Safe as a file name; parts of this task need no more space. */
  readonly taskId?: string | undefined;
  readonly files: readonly LayoutFile[];
  /** Names and problems beyond this are counted and not kept. */
  readonly maxListed: number;
}

export interface DestinationReport {
  /** Undefined when the place cannot be looked at. */
  readonly freeBytes: number | undefined;
  readonly problems: readonly StoreError[];
  /** Files that are there and would be replaced. */
  readonly replaces: readonly string[];
  readonly replacedCount: number;
}

export async function inspectDestination(options: DestinationOptions): Promise<DestinationReport> {
  const look = new Look(options);
  await look.run();
  return look;
}

class Look implements DestinationReport {
  freeBytes: number | undefined;
  readonly problems: StoreError[] = [];
  readonly replaces: string[] = [];
  replacedCount = 0;
  readonly #options: DestinationOptions;
  #neededBytes = 0;

  constructor(options: DestinationOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    const root = await this.#noting(() => HeldFolder.open(this.#options.downdir));
    if (!root) return;
    let work: HeldFolder | undefined;
    try {
      await this.#noting(() => assertWritable(root));
      work = await this.#noting(() => this.#enterWork(root));
      for (const [file, planned] of this.#options.files.entries()) {
        await this.#noting(() => this.#lookAt(file, planned, root, work));
      }
      await this.#noting(() => this.#compareSpace(root));
    } finally {
      await work?.close();
      await root.close();
    }
  }

  /** The task's own directory, where there is one already. */
  async #enterWork(root: HeldFolder): Promise<HeldFolder | undefined> {
    const shared = await root.enter(WORK_DIRECTORY);
    if (!shared) return undefined;
    try {
      await assertWritable(shared);
      const { taskId } = this.#options;
      return taskId === undefined ? undefined : await shared.enter(taskId);
    } finally {
      await shared.close();
    }
  }

  async #lookAt(
    file: number,
    { name, length }: LayoutFile,
    root: HeldFolder,
    work: HeldFolder | undefined,
  ): Promise<void> {
    const problem = fileNameProblem(name);
    if (problem) throw new StoreError('UNSAFE_PATH', `${JSON.stringify(name)} ${problem}`);
    const finalBytes = await regularFileBytes(root, name);
    if (finalBytes !== undefined) {
      this.replacedCount += 1;
      if (this.replaces.length < this.#options.maxListed) this.replaces.push(name);
    }
    const part = work && (await findPart(work, file));
    if (finalBytes === length && part?.size !== length) return; // kept if it is the very file
    this.#neededBytes += unwrittenBytes(length, part);
  }

  async #compareSpace(root: HeldFolder): Promise<void> {
    this.freeBytes = await root.freeBytes();
    assertFits(root, this.freeBytes, this.#neededBytes);
  }

  /** Runs a step; a failure is kept and does not end the others. */
  async #noting<T>(step: () => Promise<T>): Promise<T | undefined> {
    try {
      return await step();
    } catch (error) {
      const problem = toDestinationError(error, `cannot look at ${this.#options.downdir}`);
      if (this.problems.length < this.#options.maxListed) this.problems.push(problem);
      return undefined;
    }
  }
}

async function assertWritable(folder: HeldFolder): Promise<void> {
  try {
    const { W_OK, X_OK } = fsp.constants;
    await folder.use('.', (step) => fsp.access(step, W_OK | X_OK));
  } catch (error) {
    throw toDestinationError(error, `cannot write to ${folder.path}`);
  }
}
