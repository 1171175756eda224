export { MemoryPieceStore } from '../lib/memory/memory-piece-store.ts';
export { describePieceReading, describePieceWriting } from './piece-store.contract.ts';
export { sampleTask, type SampleTask, type SampleTaskOptions } from './sample-task.ts';
