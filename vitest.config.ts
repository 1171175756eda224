import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Vitest's own choice leaves a core free, which on a small machine halves the speed. */
const MIN_WORKERS = 2;

// Two groups, one after the other: first what shares nothing and runs side by side, then what
// starts real processes, moves real data and would disturb its neighbour's timing.
export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    setupFiles: ['reflect-metadata'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{apps,libs}/*/{src,test}/**/*.spec.ts', 'tools/**/*.spec.ts'],
          maxWorkers: Math.max(MIN_WORKERS, availableParallelism()),
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['{apps,libs}/*/{src,test}/**/*.e2e-spec.ts', 'tools/**/*.e2e-spec.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
