/** S22: the agent of a copied sample does not listen where others can connect. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ConfigError } from '@gofd/service-kit';
import { startAgent } from '../src/start-agent.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gofd-sample-'));
  mkdirSync(join(folder, 'downloads'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('refuses to start on every interface, and leaves nothing in its folder', async () => {
  const file = join(folder, 'agent.yml');
  writeFileSync(
    file,
    `downdir: downloads
net: { ip: 0.0.0.0, advertise: 127.0.0.1, mgntPort: 45010, dataPort: 45011 }
auth: { username: gofd, passowrd: yrsK+2iiwPqecImH7obTUm1vhnvvQzFmYYiOz5oqaoc=, factor: 9427e80d }
`,
  );
  const error: unknown = await startAgent(file).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ConfigError);
  expect((error as ConfigError).problems.map(({ key }) => key)).toEqual(['auth.password']);
  expect(readdirSync(join(folder, 'downloads'))).toEqual([]);
});
