/** Sources as regular files of this machine: opened read-only and hashed piece by piece, once. */
import { choosePieceBytes, encodeManifest, parseManifest } from '@gofd/p2p-protocol';
import { digestPiece, SourcePieceStore, StoreError, type SourceFence } from '@gofd/piece-store';
import type { MetaInfoDto } from '@gofd/task-model';
import { dirname } from 'node:path';
import {
  SourceCatalog,
  SourceError,
  type KnownContent,
  type PreparedContent,
  type PreparedSource,
  type PrepareOptions,
  type SourceRefusal,
} from './source-catalog.port.ts';

/** Piece length of wire v1, bytes. */
export const V1_PIECE_BYTES = 1024 * 1024;

/** A prepared source that can also hand out its pieces. */
export interface FileSource extends PreparedSource {
  readonly store: SourcePieceStore;
}

export class FileSourceCatalog extends SourceCatalog {
  readonly #fence: SourceFence | undefined;

  /** @param fence which files may be distributed; without it, all that this process may read */
  constructor(fence?: SourceFence) {
    super();
    this.#fence = fence;
  }

  async refusalOf(paths: readonly string[]): Promise<SourceRefusal | undefined> {
    if (!this.#fence) return undefined;
    for (const [index, path] of paths.entries()) {
      try {
        await this.#fence.assertPath(path);
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
        return { index, message: error.message };
      }
    }
    return undefined;
  }

  async check(paths: readonly string[]): Promise<readonly number[]> {
    try {
      const store = await SourcePieceStore.open(paths, V1_PIECE_BYTES, this.#fence);
      await store.close();
      return store.layout.files.map(({ length }) => length);
    } catch (error) {
      throw toSourceError(error);
    }
  }

  async prepare(paths: readonly string[], options: PrepareOptions): Promise<FileSource> {
    try {
      const pieceBytes = (totalBytes: number): number => pieceBytesFor(totalBytes, options);
      const store = await SourcePieceStore.open(paths, pieceBytes, this.#fence);
      return await describe(store, paths, options);
    } catch (error) {
      throw toSourceError(error);
    }
  }
}

/** What was known keeps its pieces, whatever they would be today. */
function pieceBytesFor(totalBytes: number, { known, ...options }: PrepareOptions): number {
  if (options.wire === 1) return V1_PIECE_BYTES;
  if (known?.content.wire === 2) {
    const manifest = parseManifest(known.content.manifest.bytes);
    if (typeof manifest !== 'string') return manifest.pieceBytes;
  }
  const { memberCount, bytesPerSecond } = options;
  return choosePieceBytes({ totalBytes, memberCount, bytesPerSecond });
}

async function describe(
  store: SourcePieceStore,
  paths: readonly string[],
  options: PrepareOptions,
): Promise<FileSource> {
  const { identities } = store;
  const { totalBytes } = store.layout;
  const close = (): Promise<void> => store.close();
  try {
    const { known } = options;
    const content = isSameList(known?.identities, identities)
      ? (known as KnownContent).content
      : await hashedContent(store, paths, options);
    if (known && digestOf(content) !== digestOf(known.content)) {
      throw new SourceError('SOURCE_CHANGED', changedMessage(paths, known.identities, identities));
    }
    const fileBytes = store.layout.files.map(({ length }) => length);
    return { content, totalBytes, fileBytes, identities, close, store };
  } catch (error) {
    await close();
    throw error;
  }
}

async function hashedContent(
  store: SourcePieceStore,
  paths: readonly string[],
  { wire, signal }: PrepareOptions,
): Promise<PreparedContent> {
  const digests = await store.hash({ algorithm: wire === 1 ? 'sha1' : 'blake3', signal });
  return wire === 1
    ? { wire: 1, metaInfo: metaInfoOf(store, paths, digests) }
    : { wire: 2, manifest: manifestOf(store, digests) };
}

function isSameList(one: readonly string[] | undefined, other: readonly string[]): boolean {
  return one?.length === other.length && one.every((value, index) => value === other[index]);
}

/** Equal for equal names, sizes and bytes. */
function digestOf(content: PreparedContent): string {
  return content.wire === 2
    ? Buffer.from(content.manifest.digest).toString('hex')
    : JSON.stringify(content.metaInfo);
}

function changedMessage(
  paths: readonly string[],
  before: readonly string[],
  now: readonly string[],
): string {
  const changed = paths.filter((_, index) => before[index] !== now[index]);
  return `${changed.join(', ')} changed while the server was down`;
}

function manifestOf(
  store: SourcePieceStore,
  digests: Buffer,
): { bytes: Uint8Array; digest: Uint8Array } {
  const { pieceBytes, files } = store.layout;
  const listed = files.map(({ name, length }) => ({ name, length }));
  const bytes = encodeManifest({ algorithm: 'blake3', pieceBytes, files: listed, digests });
  return { bytes, digest: digestPiece(Buffer.from(bytes.buffer), 'blake3') };
}

/** The wire form; `path` and `sum` are there for the reference, which reads neither. */
function metaInfoOf(
  store: SourcePieceStore,
  paths: readonly string[],
  digests: Buffer,
): MetaInfoDto {
  return {
    length: store.layout.totalBytes,
    PieceLen: store.layout.pieceBytes,
    pieces: digests.toString('base64'),
    files: store.layout.files.map(({ name, length }, index) => ({
      length,
      path: `${dirname(paths[index] ?? '/')}/`.replace('//', '/'),
      name,
      sum: '',
    })),
  };
}

function toSourceError(error: unknown): unknown {
  if (!(error instanceof StoreError)) return error;
  switch (error.code) {
    case 'SOURCE_FORBIDDEN':
    case 'SOURCE_NOT_FOUND':
    case 'SOURCE_NOT_REGULAR':
    case 'SOURCE_UNREADABLE':
    case 'SOURCE_CHANGED':
      return new SourceError(error.code, error.message);
    default:
      return new SourceError('IO_ERROR', error.message);
  }
}
