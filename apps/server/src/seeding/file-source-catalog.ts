/** Sources as regular files of this machine: opened read-only and hashed piece by piece, once. */
import { SourcePieceStore, StoreError } from '@gofd/piece-store';
import type { MetaInfoDto } from '@gofd/task-model';
import { dirname } from 'node:path';
import {
  SourceCatalog,
  SourceError,
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
  async prepare(paths: readonly string[], options: PrepareOptions): Promise<FileSource> {
    try {
      const store = await SourcePieceStore.open(paths, V1_PIECE_BYTES);
      return { ...(await describe(store, paths, options)), store };
    } catch (error) {
      throw toSourceError(error);
    }
  }
}

async function describe(
  store: SourcePieceStore,
  paths: readonly string[],
  options: PrepareOptions,
): Promise<PreparedSource> {
  try {
    const digests = await store.hash(options);
    return {
      metaInfo: metaInfoOf(store, paths, digests),
      totalBytes: store.layout.totalBytes,
      close: () => store.close(),
    };
  } catch (error) {
    await store.close();
    throw error;
  }
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
