/**
 * A newcomer who types docs/getting-started.md block by block, in English and in Chinese: the real
 * build, the real services on loopback addresses. Every block has to succeed and to print what the
 * document shows. Only the ports and the home folder are this test's own.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../cluster/free-ports.ts';
import { waitUntil } from '../cluster/wait-until.ts';
import { outputPattern } from './expected-output.ts';
import { ShellSession } from './shell-session.ts';
import { walkthroughSteps } from './walkthrough.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DOCUMENTS = ['docs/getting-started.md', 'docs/zh/getting-started.md'];
const DOCUMENTED_PORTS = ['45000', '45001', '45010', '45011'];
const NEEDED = ['sh', 'npm', 'curl', 'sha256sum', 'seq'];
/** The first block builds everything, on a busy machine. */
const BLOCK_TIMEOUT_MS = 4 * 60_000;
/** Above the deadline inside, which says what was printed so far. */
const STEP_TIMEOUT_MS = BLOCK_TIMEOUT_MS + 30_000;

const skipReason = missingPrecondition();
if (skipReason !== undefined) console.warn(`SKIPPED: getting started: ${skipReason}`);

function missingPrecondition(): string | undefined {
  if (process.platform !== 'linux') return 'needs the loopback addresses 127.0.0.1 to 127.0.0.4';
  const missing = NEEDED.filter(
    (command) => spawnSync('sh', ['-c', `command -v ${command}`]).status !== 0,
  );
  return missing.length === 0 ? undefined : `there is no ${missing.join(', no ')}`;
}

/** A reader's environment has nothing of GoFD in it yet. */
function readersEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('GOFD_')),
  );
}

describe.skipIf(skipReason !== undefined).each(DOCUMENTS)('%s', (path) => {
  const steps = walkthroughSteps(readFileSync(join(ROOT, path), 'utf8'));
  let home: string;
  let shell: ShellSession;
  let portOf: ReadonlyMap<string, string>;

  /** Not by the variable HOME: with another one the build would not find its cache. */
  const here = (text: string): string =>
    text
      .replace(/\b45\d{3}\b/g, (port) => portOf.get(port) ?? port)
      .replace(/\$HOME\b|~(?=\/|$)/gm, home);

  beforeAll(async () => {
    const ports = await freePorts(DOCUMENTED_PORTS.length);
    portOf = new Map(DOCUMENTED_PORTS.map((port, index) => [port, String(ports[index])]));
    home = mkdtempSync(join(tmpdir(), 'gofd-docs-'));
    shell = new ShellSession(ROOT, readersEnvironment());
  });

  afterAll(() => {
    shell.kill();
    rmSync(home, { recursive: true, force: true });
  });

  it.each(steps)('line $line: $commands', { timeout: STEP_TIMEOUT_MS }, async (step) => {
    const output = await shell.run(here(step.commands), BLOCK_TIMEOUT_MS);
    if (step.expected === undefined) expect(output).toBe('');
    else expect(output).toMatch(outputPattern(here(step.expected)));
  });

  it('leaves no process behind', async () => {
    shell.leave();
    await waitUntil('the end of all processes', () => !shell.isAlive);
  });
});
