/** Runs the built command as a process of its own, with nothing of this process's environment. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
export const CLI_FOLDER = `${ROOT}dist/apps/cli`;
const LIBRARIES = ['api-client', 'task-model', 'auth-crypto'];
const SOURCE_FOLDERS = ['apps/cli/src', ...LIBRARIES.map((name) => `libs/${name}/src`)];
const DEADLINE_MS = 20_000;

/** Builds the command unless the build is newer than every source. */
export function buildGofd(): void {
  const builtAtMs = existsSync(`${CLI_FOLDER}/main.js`)
    ? statSync(`${CLI_FOLDER}/main.js`).mtimeMs
    : 0;
  const isStale = SOURCE_FOLDERS.some((folder) => newestMs(`${ROOT}${folder}`) > builtAtMs);
  if (isStale) execFileSync(process.execPath, [`${ROOT}tools/build-app.mjs`, 'cli'], { cwd: ROOT });
}

function newestMs(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return Math.max(...files.map((file) => statSync(`${folder}/${file}`).mtimeMs));
}

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly pid: number;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly main?: string;
  /** The command takes its output and error for a terminal of 80 columns and 24 rows. */
  readonly onTerminal?: boolean;
  /** Sees all of standard output so far; may signal the process. */
  readonly onOutput?: (stdout: string, signal: (name: NodeJS.Signals) => void) => void;
}

const TERMINAL_PRELOAD =
  'data:text/javascript,for (const stream of [process.stdout, process.stderr])' +
  ' Object.assign(stream, { isTTY: true, columns: 80, rows: 24 })';

export async function runGofd(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const preload = options.onTerminal ? ['--import', TERMINAL_PRELOAD] : [];
  const main = options.main ?? `${CLI_FOLDER}/main.js`;
  const child = spawn(process.execPath, [...preload, main, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...options.env },
    timeout: DEADLINE_MS,
    killSignal: 'SIGKILL',
  });
  const texts = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    texts.stdout += text;
    options.onOutput?.(texts.stdout, (name) => child.kill(name));
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text));
  // A command that does not read its input may be gone before all of it is written.
  child.stdin.on('error', () => {}).end(options.stdin ?? '');
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  return { status, ...texts, pid: child.pid ?? 0 };
}
