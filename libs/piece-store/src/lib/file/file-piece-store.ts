/**
 * The files of one task on an agent. Until every piece is verified, bytes live in `<n>.part` files of
 * the task's own directory; then they are flushed and renamed to their final names, so that a final
 * name never shows a byte that is not the source's.
 *
 * On open, whatever an earlier run left (part files, or finished files already in place) is hashed
 * again and counts only as far as it verifies. A finished file is never written to: it is kept when
 * all its pieces verify, and otherwise fetched anew into a part file.
 */
import fs from 'node:fs';
import fsp from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StoreError, toDestinationError } from '../errors.ts';
import { fileNameProblem } from '../layout/file-name.ts';
import type { FileLayout, FileSpan } from '../layout/file-spans.ts';
import type { PieceHashes } from '../layout/piece-hashes.ts';
import type { PieceStore } from '../piece-store.port.ts';
import { Descriptors } from './descriptors.ts';
import { assertFits, findPart, unwrittenBytes } from './free-space.ts';
import { openFinal, openPart, partName, regularFileBytes } from './part-file.ts';
import { readSpan, writeSpan } from './span-io.ts';
import { openTaskFolders, type TaskFolders } from './work-directory.ts';

const flushData = promisify(fs.fdatasync);
const flushFile = promisify(fs.fsync);

/** Bytes written between background flushes, so that the last flush finds little left to do. */
export const FLUSH_EVERY_BYTES = 64 * 1024 * 1024;

export interface FilePieceStoreOptions {
  readonly downdir: string;
  /** Safe as a file name. */
  readonly taskId: string;
  readonly layout: FileLayout;
  readonly hashes: PieceHashes;
}

/** Where the bytes of a file are: in its part file, or already under the final name. */
type Place = 'part' | 'final';

export class FilePieceStore implements PieceStore {
  readonly #layout: FileLayout;
  readonly #hashes: PieceHashes;
  readonly #folders: TaskFolders;
  readonly #places: Place[];
  readonly #descriptors: Descriptors;
  #unflushedBytes = 0;
  #flushing: Promise<void> = Promise.resolve();
  #isFlushing = false;
  /** The kernel reports a failed write-back once only: whoever hears of it must not forget it. */
  #flushError: unknown;

  private constructor(options: FilePieceStoreOptions, folders: TaskFolders, places: Place[]) {
    this.#layout = options.layout;
    this.#hashes = options.hashes;
    this.#folders = folders;
    this.#places = places;
    this.#descriptors = new Descriptors((file) => this.#open(file));
  }

  /**
   * Claims the place and looks at what is there; reads no file contents yet.
   * @throws StoreError UNSAFE_PATH, DEST_NOT_REGULAR, DEST_UNWRITABLE, NO_SPACE, IO_ERROR
   */
  static async open(options: FilePieceStoreOptions): Promise<FilePieceStore> {
    const { downdir, taskId, layout } = options;
    assertSafeNames(layout);
    const folders = await openTaskFolders(downdir, taskId);
    try {
      const places: Place[] = [];
      for (const [file, { name, length }] of layout.files.entries()) {
        const finalBytes = await regularFileBytes(folders.downdir, name);
        const hasPart = (await regularFileBytes(folders.work, partName(file))) === length;
        places.push(!hasPart && finalBytes === length ? 'final' : 'part');
      }
      const store = new FilePieceStore(options, folders, places);
      await store.#checkSpace();
      return store;
    } catch (error) {
      await closeFolders(folders);
      throw error;
    }
  }

  /**
   * Hashes what an earlier run left and makes the store ready for writing.
   * @param found called for each piece that verifies
   */
  async recover(found: (piece: number) => void, signal?: AbortSignal): Promise<void> {
    const good = await this.#verifyExisting(signal);
    const isWhole = (file: number): boolean => {
      const pieces = this.#layout.piecesOf(file);
      if (!pieces) return true;
      for (let piece = pieces.first; piece <= pieces.last; piece++) {
        if (!good.has(piece)) return false;
      }
      return true;
    };
    const demoted = this.#places.flatMap((place, file) =>
      place === 'final' && !isWhole(file) ? [file] : [],
    );
    for (const file of demoted) await this.#demote(file, good);
    try {
      for (const [file, place] of this.#places.entries()) {
        if (place === 'part') await this.#descriptors.use(file, () => Promise.resolve());
      }
    } catch (error) {
      throw toDestinationError(error, `cannot create files in ${this.#folders.work.path}`);
    }
    for (const piece of good) found(piece);
  }

  async read(piece: number, target: Buffer): Promise<void> {
    try {
      for (const span of this.#layout.spansOf(piece)) {
        const isWhole = await this.#descriptors.use(span.file, (descriptor) =>
          readSpan(descriptor, span, target),
        );
        if (!isWhole)
          throw new StoreError('IO_ERROR', `${this.#nameOf(span)} was cut short by others`);
      }
    } catch (error) {
      throw toDestinationError(error, `cannot read piece ${piece} back`);
    }
  }

  async write(piece: number, bytes: Buffer): Promise<boolean> {
    if (!this.#hashes.matches(piece, bytes)) return false;
    for (const span of this.#layout.spansOf(piece)) {
      if (this.#places[span.file] === 'final') continue; // in place, and verified with this piece
      try {
        await this.#descriptors.use(span.file, (descriptor) => writeSpan(descriptor, span, bytes));
      } catch (error) {
        throw toDestinationError(error, `cannot write ${this.#nameOf(span)}`);
      }
    }
    this.#flushInBackground(bytes.length);
    return true;
  }

  /**
   * Puts every file under its final name: flushed first, then renamed, then the directory flushed.
   * Call it only when every piece is stored. Fails when the folder is not at its path any more, because
   * nobody would find the files where they were ordered to. Safe to repeat after a crash in the middle.
   */
  async place(): Promise<void> {
    await this.#flushing;
    if (this.#flushError) throw toDestinationError(this.#flushError, 'cannot flush to disk');
    const { downdir, work } = this.#folders;
    for (const [file, { name }] of this.#layout.files.entries()) {
      try {
        await this.#descriptors.use(file, (descriptor) => this.#flushOnce(descriptor));
        if (this.#places[file] === 'final') continue;
        await regularFileBytes(downdir, name);
        await work.use(partName(file), (from) => downdir.use(name, (to) => fsp.rename(from, to)));
        this.#places[file] = 'final';
      } catch (error) {
        throw toDestinationError(error, `cannot place ${join(downdir.path, name)}`);
      }
    }
    try {
      await downdir.flush();
    } catch (error) {
      throw toDestinationError(error, `cannot flush ${downdir.path}`);
    }
    if (!(await downdir.isInPlace())) {
      const message = `${downdir.path} was moved, removed or replaced while the task ran`;
      throw new StoreError('DEST_UNWRITABLE', message);
    }
  }

  /** Closes the files; what is stored stays for the next run. */
  async close(): Promise<void> {
    await this.#flushing;
    try {
      await this.#descriptors.close();
    } finally {
      await closeFolders(this.#folders);
    }
  }

  #open(file: number): Promise<number> {
    const { name, length } = this.#layout.files[file] ?? { name: '', length: 0 };
    return this.#places[file] === 'final'
      ? openFinal(this.#folders.downdir, name)
      : openPart(this.#folders.work, partName(file), length);
  }

  /** A finished file that is not the one wanted: left alone, and its pieces fetched anew. */
  async #demote(file: number, good: Set<number>): Promise<void> {
    await this.#descriptors.forget(file);
    this.#places[file] = 'part';
    const pieces = this.#layout.piecesOf(file);
    if (!pieces) return;
    for (let piece = pieces.first; piece <= pieces.last; piece++) good.delete(piece);
  }

  async #verifyExisting(signal?: AbortSignal): Promise<Set<number>> {
    const good = new Set<number>();
    const hasBytes = await this.#filesWithBytes();
    const buffer = Buffer.allocUnsafeSlow(
      Math.min(this.#layout.pieceBytes, this.#layout.totalBytes),
    );
    for (let piece = 0; piece < this.#layout.pieceCount; piece++) {
      signal?.throwIfAborted();
      const spans = this.#layout.spansOf(piece);
      if (!spans.every(({ file }) => hasBytes.has(file))) continue;
      const bytes = buffer.subarray(0, this.#layout.pieceLength(piece));
      await this.read(piece, bytes);
      if (this.#hashes.matches(piece, bytes)) good.add(piece);
    }
    return good;
  }

  async #filesWithBytes(): Promise<Set<number>> {
    const files = new Set<number>();
    for (const [file, place] of this.#places.entries()) {
      const isThere =
        place === 'final' ||
        (await regularFileBytes(this.#folders.work, partName(file))) !== undefined;
      if (isThere) files.add(file);
    }
    return files;
  }

  async #checkSpace(): Promise<void> {
    const { downdir, work } = this.#folders;
    let neededBytes = 0;
    for (const [file, { length }] of this.#layout.files.entries()) {
      if (this.#places[file] === 'final') continue;
      neededBytes += unwrittenBytes(length, await findPart(work, file));
    }
    assertFits(downdir, await downdir.freeBytes(), neededBytes);
  }

  /** Flushes; a failure is kept, because the next flush would pass without the lost bytes. */
  async #flushOnce(descriptor: number): Promise<void> {
    try {
      await flushFile(descriptor);
    } catch (error) {
      this.#flushError ??= error;
      throw error;
    }
  }

  /** Starts writing dirty pages out while the transfer goes on; one flush at a time. */
  #flushInBackground(writtenBytes: number): void {
    this.#unflushedBytes += writtenBytes;
    if (this.#unflushedBytes < FLUSH_EVERY_BYTES || this.#isFlushing) return;
    this.#unflushedBytes = 0;
    this.#isFlushing = true;
    this.#flushing = this.#flushParts()
      .catch((error: unknown) => {
        this.#flushError ??= error;
      })
      .finally(() => {
        this.#isFlushing = false;
      });
  }

  async #flushParts(): Promise<void> {
    for (const file of this.#descriptors.openFiles()) {
      if (this.#places[file] === 'part') await this.#descriptors.use(file, flushData);
    }
  }

  #nameOf(span: FileSpan): string {
    return join(this.#folders.downdir.path, this.#layout.files[span.file]?.name ?? '');
  }
}

/** @throws StoreError for a name that leaves the directory, or that two files share */
function assertSafeNames({ files }: FileLayout): void {
  const names = new Set<string>();
  for (const { name } of files) {
    const problem = fileNameProblem(name) ?? (names.has(name) ? 'occurs twice' : undefined);
    if (problem)
      throw new StoreError('UNSAFE_PATH', `file name ${JSON.stringify(name)} ${problem}`);
    names.add(name);
  }
}

async function closeFolders({ downdir, work }: TaskFolders): Promise<void> {
  await work.close();
  await downdir.close();
}
