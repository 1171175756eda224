/** What was measured on: figures without their machine say nothing. */
import { availableParallelism, cpus, release, totalmem } from 'node:os';

const GIB = 1024 ** 3;

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
}

export function readMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / GIB),
    kernel: release(),
    node: process.versions.node,
  };
}
