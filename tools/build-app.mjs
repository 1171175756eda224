// Bundles one app, with everything it imports, into dist/apps/<name>/. The output runs without
// node_modules, so a deployable is one folder. Usage: node tools/build-app.mjs <app>
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const name = process.argv[2];
const root = fileURLToPath(new URL('..', import.meta.url));
const outDir = `${root}dist/apps/${name}`;

// Nest asks for these only when an app uses them; none of ours does.
const ABSENT_NEST_PARTS = [/^@nestjs\/(microservices|websockets)(\/|$)/, /^@fastify\//];

const bundle = await rolldown({
  input: `${root}apps/${name}/src/main.ts`,
  platform: 'node',
  external: ABSENT_NEST_PARTS,
  tsconfig: `${root}tsconfig.base.json`,
  logLevel: 'warn',
  onLog(level, log, handler) {
    if (log.code === 'EVAL' || log.code === 'COMMONJS_VARIABLE_IN_ESM') return; // third-party code
    handler(level, log);
  },
});
rmSync(outDir, { recursive: true, force: true });
await bundle.write({
  dir: outDir,
  format: 'esm',
  sourcemap: true,
  keepNames: true,
  entryFileNames: 'main.js',
  chunkFileNames: 'chunks/[name]-[hash].js',
});
await bundle.close();
writeFileSync(
  `${outDir}/package.json`,
  `${JSON.stringify({ name: `gofd-${name}`, type: 'module' })}\n`,
);
chmodSync(`${outDir}/main.js`, 0o755); // npm and the shell run the command by its shebang
