// Makes the folder that `npm pack` and `npm publish` take: the bundled command and nothing to install.
// Usage: node tools/package-cli.mjs [folder of the built command] [folder to write to; emptied first]
import { chmodSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const from = resolve(process.argv[2] ?? join(root, 'dist/apps/cli'));
const to = resolve(process.argv[3] ?? join(root, 'dist/npm/gofd'));
const { version, license, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

rmSync(to, { recursive: true, force: true });
cpSync(from, to, {
  recursive: true,
  filter: (path) => !path.endsWith('.map') && path !== join(from, 'package.json'),
});
chmodSync(join(to, 'main.js'), 0o755);
cpSync(join(root, 'deploy/npm/README.md'), join(to, 'README.md'));
cpSync(join(root, 'LICENSE'), join(to, 'LICENSE'));
const manifest = {
  name: 'gofd',
  version,
  description: 'The gofd command: creates, watches and cancels tasks of a GoFD server.',
  license,
  type: 'module',
  bin: { gofd: 'main.js' },
  files: ['main.js', 'chunks'],
  engines,
};
writeFileSync(join(to, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
