// Builds the image, starts the stack, distributes a real file with the line that the document
// gives, and compares what landed in each container. Needs a Docker engine; without one it is
// skipped, and says so.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed, vi } from 'vitest';
import { ComposeStack, missingEngine } from './compose-stack.ts';
import { documentedLines } from './documented-lines.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DOCUMENT = readFileSync(join(ROOT, 'deploy/compose/README.md'), 'utf8');
const AGENTS = ['agent1', 'agent2', 'agent3'];
/** A first build installs every package inside the image. */
const START_TIMEOUT_MS = 10 * 60_000;
const REMOVE_TIMEOUT_MS = 60_000;
const HEALTHY = { timeout: 60_000, interval: 500 };
const COMPLETED = { timeout: 120_000, interval: 250 };

const run = promisify(execFile);
const skipReason = missingEngine();
if (skipReason !== undefined) console.warn(`SKIPPED: compose test: ${skipReason}`);

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const sha256 = (file: string): string =>
  createHash('sha256').update(readFileSync(file)).digest('hex');

describe.skipIf(skipReason !== undefined)('docker-compose up', () => {
  let shareFolder: string;
  let serverPort: number;
  let stack: ComposeStack;

  /** Runs the block of the document that contains `part`; only the port is this test's own. */
  async function runDocumented(part: string): Promise<string> {
    const lines = documentedLines(DOCUMENT, part).replaceAll(':45000', `:${serverPort}`);
    const { stdout } = await run('sh', ['-ec', lines]);
    return stdout;
  }

  beforeAll(async () => {
    shareFolder = mkdtempSync(join(tmpdir(), 'gofd-compose-'));
    chmodSync(shareFolder, 0o755); // the containers read it as another user
    copyFileSync(process.execPath, join(shareFolder, 'build.tar'));
    serverPort = await freePort();
    const project = `gofdtest${process.pid}`;
    stack = new ComposeStack({ folder: ROOT, project, serverPort, shareFolder });
    await stack.start();
  }, START_TIMEOUT_MS);

  afterAll(async () => {
    await stack.remove();
    rmSync(shareFolder, { recursive: true, force: true });
  }, REMOVE_TIMEOUT_MS);

  beforeEach(() => {
    onTestFailed(async () => console.log(await stack.logs()));
  });

  it('brings up a server and three agents that call themselves healthy', async () => {
    const expected = ['server', ...AGENTS].map(() => 'healthy');
    await vi.waitFor(async () => expect(await stack.healths()).toEqual(expected), HEALTHY);
  }, 90_000);

  it('distributes a real file by the documented line, the same bytes in each container', async () => {
    const answer = JSON.parse(await runDocumented('--data')) as { id: string };
    expect(answer.id).toBe('first');

    await vi.waitFor(async () => {
      const task = JSON.parse(await runDocumented('tasks/first\n')) as { status: string };
      expect(task.status, JSON.stringify(task)).toBe('COMPLETED');
    }, COMPLETED);

    const expected = sha256(join(shareFolder, 'build.tar'));
    for (const agent of AGENTS) {
      const sum = await stack.execute(agent, 'sha256sum', '/var/lib/gofd/build.tar');
      expect(sum.split(' ')[0], agent).toBe(expected);
    }
  }, 180_000);

  it.each(['server', ...AGENTS])('runs %s without root rights', async (service) => {
    expect((await stack.execute(service, 'id', '-u')).trim()).toBe('1000');
  });
});
