// Bundles one app, with everything it imports, into dist/apps/<name>/, so a deployable is one folder.
// Native addons that the app imports cannot be bundled and lie in its own node_modules (docs/adr/0007).
// Usage: node tools/build-app.mjs <app> [folder to write to instead; it is emptied first]
import { chmodSync, cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const name = process.argv[2];
const root = fileURLToPath(new URL('..', import.meta.url));
const outDir = resolve(process.argv[3] ?? `${root}dist/apps/${name}`);

// Nest asks for these only when an app uses them; none of ours does.
const ABSENT_NEST_PARTS = [/^@nestjs\/(microservices|websockets)(\/|$)/, /^@fastify\//];

// Each is a package of JavaScript that loads its machine code from another package, `<name>-<platform>`;
// npm installs the one of this machine.
const NATIVE_ADDONS = ['@napi-rs/blake-hash'];

const bundle = await rolldown({
  input: `${root}apps/${name}/src/main.ts`,
  platform: 'node',
  external: [...ABSENT_NEST_PARTS, ...NATIVE_ADDONS],
  tsconfig: `${root}tsconfig.base.json`,
  logLevel: 'warn',
  onLog(level, log, handler) {
    if (log.code === 'EVAL' || log.code === 'COMMONJS_VARIABLE_IN_ESM') return; // third-party code
    handler(level, log);
  },
});
rmSync(outDir, { recursive: true, force: true });
const { output } = await bundle.write({
  dir: outDir,
  format: 'esm',
  sourcemap: true,
  keepNames: true,
  entryFileNames: 'main.js',
  chunkFileNames: 'chunks/[name]-[hash].js',
});
await bundle.close();
for (const addon of NATIVE_ADDONS) {
  const isImported = output.some(({ imports = [], dynamicImports = [] }) =>
    [...imports, ...dynamicImports].includes(addon),
  );
  if (isImported) copyAddon(addon);
}
writeFileSync(
  `${outDir}/package.json`,
  `${JSON.stringify({ name: `gofd-${name}`, type: 'module' })}\n`,
);
chmodSync(`${outDir}/main.js`, 0o755); // npm and the shell run the command by its shebang

function copyAddon(addon) {
  const [scope, packageName] = addon.split('/');
  const from = join(root, 'node_modules', scope);
  const to = join(outDir, 'node_modules', scope);
  const binaries = readdirSync(from).filter((entry) => entry.startsWith(`${packageName}-`));
  if (binaries.length === 0) {
    console.error(
      `build: ${addon} is installed without its binary for ${process.platform}-${process.arch}: ` +
        'run npm ci --include=optional on this machine.',
    );
    process.exit(1);
  }
  for (const entry of [packageName, ...binaries]) {
    cpSync(join(from, entry), join(to, entry), { recursive: true, dereference: true });
  }
}
