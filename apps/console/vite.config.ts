import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

// Everything lands in dist/apps/console, beside the server that hands it out. Nothing is inlined: the
// page's policy runs files of its own origin only.
export default defineConfig({
  root: import.meta.dirname,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: fileURLToPath(new URL('../../dist/apps/console', import.meta.url)),
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
