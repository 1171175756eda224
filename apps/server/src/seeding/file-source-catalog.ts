/** Sources as regular files of this machine: opened read-only and hashed piece by piece, once. */
import { choosePieceBytes, encodeManifest } from '@gofd/p2p-protocol';
import { digestPiece, SourcePieceStore, StoreError } from '@gofd/piece-store';
import type { MetaInfoDto } from '@gofd/task-model';
import { dirname } from 'node:path';
import {
  SourceCatalog,
  SourceError,
  type PreparedContent,
  type PreparedSource,
  type PrepareOptions,
} from './source-catalog.port.ts';

/** Piece length of wire v1, bytes. */
export const V1_PIECE_BYTES = 1024 * 1024;

/** A prepared source that can also hand out its pieces. */
export interface FileSource extends PreparedSource {
  readonly store: SourcePieceStore;
}

export class FileSourceCatalog extends SourceCatalog {
  async check(paths: readonly string[]): Promise<void> {
    try {
      await (await SourcePieceStore.open(paths, V1_PIECE_BYTES)).close();
    } catch (error) {
      throw toSourceError(error);
    }
  }

  async prepare(paths: readonly string[], options: PrepareOptions): Promise<FileSource> {
    try {
      const store = await SourcePieceStore.open(paths, (totalBytes) =>
        pieceBytesFor(totalBytes, options),
      );
      return { ...(await describe(store, paths, options)), store };
    } catch (error) {
      throw toSourceError(error);
    }
  }
}

function pieceBytesFor(totalBytes: number, options: PrepareOptions): number {
  if (options.wire === 1) return V1_PIECE_BYTES;
  const { memberCount, bytesPerSecond } = options;
  return choosePieceBytes({ totalBytes, memberCount, bytesPerSecond });
}

async function describe(
  store: SourcePieceStore,
  paths: readonly string[],
  options: PrepareOptions,
): Promise<PreparedSource> {
  try {
    const algorithm = options.wire === 1 ? 'sha1' : 'blake3';
    const digests = await store.hash({ algorithm, signal: options.signal });
    const content: PreparedContent =
      options.wire === 1
        ? { wire: 1, metaInfo: metaInfoOf(store, paths, digests) }
        : { wire: 2, manifest: manifestOf(store, digests) };
    return { content, totalBytes: store.layout.totalBytes, close: () => store.close() };
  } catch (error) {
    await store.close();
    throw error;
  }
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
    case 'SOURCE_NOT_FOUND':
    case 'SOURCE_NOT_REGULAR':
    case 'SOURCE_UNREADABLE':
    case 'SOURCE_CHANGED':
      return new SourceError(error.code, error.message);
    default:
      return new SourceError('IO_ERROR', error.message);
  }
}
