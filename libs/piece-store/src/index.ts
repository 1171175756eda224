export { BufferPool, type PieceBuffer } from './lib/buffers/buffer-pool.ts';
export { PieceCache } from './lib/buffers/piece-cache.ts';
export { errnoOf, StoreError, toDestinationError, type StoreErrorCode } from './lib/errors.ts';
export { FilePieceStore, type FilePieceStoreOptions } from './lib/file/file-piece-store.ts';
export {
  inspectDestination,
  type DestinationOptions,
  type DestinationReport,
} from './lib/file/inspect-destination.ts';
export { canHoldFolders, type HeldFolder } from './lib/file/held-folder.ts';
export { SourceFence, type SourceFenceOptions } from './lib/file/source-fence.ts';
export { SourcePieceStore, type HashOptions } from './lib/file/source-piece-store.ts';
export {
  createTaskDirectory,
  inTaskDirectory,
  listTaskDirectories,
  removeEmptyTaskDirectory,
  removeTaskDirectory,
  taskDirectory,
} from './lib/file/work-directory.ts';
export { fileNameProblem, WORK_DIRECTORY } from './lib/layout/file-name.ts';
export { FileLayout, type FileSpan, type LayoutFile } from './lib/layout/file-spans.ts';
export { assertBlake3 } from './lib/layout/blake3.ts';
export { digestPiece } from './lib/layout/digest-algorithm.ts';
export { PieceHashes } from './lib/layout/piece-hashes.ts';
export { MemoryPieceStore } from './lib/memory/memory-piece-store.ts';
export type { PieceStore } from './lib/piece-store.port.ts';
