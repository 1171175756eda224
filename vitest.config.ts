import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{apps,libs}/*/{src,test}/**/*.{spec,e2e-spec}.ts', 'tools/**/*.{spec,e2e-spec}.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    setupFiles: ['reflect-metadata'],
  },
});
