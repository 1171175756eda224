/**
 * The server's files: opened read-only, regular files only, hashed once, and from then on watched for
 * change: an edit or truncation while a task runs fails the task. Nothing is ever written to a source.
 */
import fs from 'node:fs';
import { basename } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DIGEST_BYTES, type HashAlgorithm } from '@gofd/p2p-protocol';
import { errnoOf, StoreError } from '../errors.ts';
import { FileLayout } from '../layout/file-spans.ts';
import { digestPiece } from '../layout/digest-algorithm.ts';
import type { PieceStore } from '../piece-store.port.ts';
import { Descriptors } from './descriptors.ts';
import type { SourceFence } from './source-fence.ts';
import { readSpan } from './span-io.ts';

const openFile = promisify(fs.open);
const statFile = promisify(fs.fstat);
const closeFile = promisify(fs.close);

// A FIFO opened without O_NONBLOCK would wait for its writer for ever.
const OPEN_FLAGS = fs.constants.O_RDONLY | fs.constants.O_NONBLOCK | fs.constants.O_NOCTTY;

/** Pieces read ahead of the one that is being hashed. */
const READ_AHEAD_PIECES = 2;

interface SourceFile {
  readonly path: string;
  readonly name: string;
  readonly length: number;
  /** What must not change: device, inode, size, modification time, and that it has a name. */
  readonly identity: string;
}

export interface HashOptions {
  readonly algorithm: HashAlgorithm;
  readonly signal?: AbortSignal;
  readonly onProgress?: (hashedBytes: number, totalBytes: number) => void;
}

export class SourcePieceStore implements PieceStore {
  readonly layout: FileLayout;
  readonly #files: readonly SourceFile[];
  readonly #descriptors: Descriptors;

  private constructor(files: readonly SourceFile[], pieceBytes: number) {
    this.#files = files;
    this.layout = new FileLayout(files, pieceBytes);
    this.#descriptors = new Descriptors((file) => this.#openUnchanged(file));
  }

  /**
   * @param paths absolute paths of regular files
   * @param pieceBytes how long pieces are, or how long they shall be for so many bytes in all
   * @param fence which files may be read at all; without it, every file
   * @throws StoreError SOURCE_FORBIDDEN, SOURCE_NOT_FOUND, SOURCE_NOT_REGULAR or SOURCE_UNREADABLE,
   *   naming the path
   */
  static async open(
    paths: readonly string[],
    pieceBytes: number | ((totalBytes: number) => number),
    fence?: SourceFence,
  ): Promise<SourcePieceStore> {
    const files: SourceFile[] = [];
    for (const path of paths) files.push(await inspect(path, fence));
    const totalBytes = files.reduce((sum, { length }) => sum + length, 0);
    const chosen = typeof pieceBytes === 'number' ? pieceBytes : pieceBytes(totalBytes);
    return new SourcePieceStore(files, chosen);
  }

  /** Of each file, what no change leaves as it was. */
  get identities(): readonly string[] {
    return this.#files.map(({ identity }) => identity);
  }

  /** Reads every byte once. @returns the digests of all pieces, one after the other */
  async hash(options: HashOptions): Promise<Buffer> {
    const { layout } = this;
    const digestBytes = DIGEST_BYTES[options.algorithm];
    const digests = Buffer.alloc(layout.pieceCount * digestBytes);
    const buffers = Array.from({ length: READ_AHEAD_PIECES + 1 }, () =>
      Buffer.allocUnsafeSlow(Math.min(layout.pieceBytes, layout.totalBytes)),
    );
    const reads: Promise<Buffer>[] = [];
    const startRead = (piece: number): void => {
      if (piece >= layout.pieceCount) return;
      const target = buffers[piece % buffers.length] as Buffer;
      const read = this.#readInto(piece, target.subarray(0, layout.pieceLength(piece)));
      read.catch(() => undefined); // awaited below, in order
      reads[piece % buffers.length] = read;
    };
    for (let piece = 0; piece < READ_AHEAD_PIECES; piece++) startRead(piece);
    let hashedBytes = 0;
    try {
      for (let piece = 0; piece < layout.pieceCount; piece++) {
        startRead(piece + READ_AHEAD_PIECES);
        options.signal?.throwIfAborted();
        const bytes = (await reads[piece % buffers.length]) as Buffer;
        // Reads from the page cache end together; without this their pieces are hashed in one turn.
        await nextTurn();
        digestPiece(bytes, options.algorithm).copy(digests, piece * digestBytes);
        hashedBytes += bytes.length;
        options.onProgress?.(hashedBytes, layout.totalBytes);
      }
      return digests;
    } finally {
      await Promise.allSettled(reads);
    }
  }

  async read(piece: number, target: Buffer): Promise<void> {
    await this.#readInto(piece, target);
  }

  /** A source is never written: asking for it is our bug. */
  write(): Promise<boolean> {
    return Promise.reject(new Error('a source is read only'));
  }

  async close(): Promise<void> {
    await this.#descriptors.close();
  }

  async #readInto(piece: number, target: Buffer): Promise<Buffer> {
    for (const span of this.layout.spansOf(piece)) {
      const file = this.#files[span.file] as SourceFile;
      try {
        await this.#descriptors.use(span.file, async (descriptor) => {
          const isWhole = await readSpan(descriptor, span, target);
          // Checked after the read, so that what was read is covered.
          if (!isWhole || (await identify(descriptor)) !== file.identity) throw changed(file);
        });
      } catch (error) {
        throw toSourceError(error, file.path);
      }
    }
    return target;
  }

  /** The identity is that of a file that was judged by the fence, so it need not be judged again. */
  async #openUnchanged(file: number): Promise<number> {
    const source = this.#files[file] as SourceFile;
    const descriptor = await openFile(source.path, OPEN_FLAGS).catch((error: unknown) => {
      throw isAbsence(error) ? changed(source) : error;
    });
    if ((await identify(descriptor)) === source.identity) return descriptor;
    await closeFile(descriptor);
    throw changed(source);
  }
}

function changed(file: SourceFile): StoreError {
  return new StoreError('SOURCE_CHANGED', `${file.path} changed while it was being distributed`);
}

async function inspect(path: string, fence: SourceFence | undefined): Promise<SourceFile> {
  let descriptor: number | undefined;
  try {
    await fence?.assertPath(path);
    descriptor = await openFile(path, OPEN_FLAGS);
    await fence?.assertOpen(descriptor, path);
    const stat = await statFile(descriptor);
    if (!stat.isFile()) throw new StoreError('SOURCE_NOT_REGULAR', `${path} is not a regular file`);
    const identity = await identify(descriptor);
    return { path, name: basename(path), length: stat.size, identity };
  } catch (error) {
    throw toSourceError(error, path);
  } finally {
    if (descriptor !== undefined) await closeFile(descriptor);
  }
}

/** A deleted or replaced file could still be read through its descriptor; its links give it away. */
async function identify(descriptor: number): Promise<string> {
  const stat = await new Promise<fs.BigIntStats>((resolve, reject) => {
    fs.fstat(descriptor, { bigint: true }, (error, result) =>
      error ? reject(error) : resolve(result),
    );
  });
  return `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeNs}:${stat.nlink > 0n}`;
}

function isAbsence(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '');
}

function toSourceError(error: unknown, path: string): StoreError {
  if (error instanceof StoreError) return error;
  const errno = errnoOf(error) ?? String(error);
  if (isAbsence(error)) {
    return new StoreError('SOURCE_NOT_FOUND', `${path} does not exist on the server`, error);
  }
  if (errno === 'ENXIO') {
    return new StoreError('SOURCE_NOT_REGULAR', `${path} is not a regular file`, error);
  }
  return new StoreError('SOURCE_UNREADABLE', `${path} cannot be read: ${errno}`, error);
}
