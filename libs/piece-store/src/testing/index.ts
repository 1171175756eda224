export { MemoryPieceStore } from '../lib/memory/memory-piece-store.ts';
