/**
 * One shell that is typed into, as a reader's terminal: variables, folder and background processes
 * of one block are there for the next. A command that fails ends the shell (`set -e`), and with it
 * the walkthrough; where a failure is the point, the document has to say so (`|| echo …`).
 *
 * Everything that the shell starts is in its process group, which is how nothing outlives a test.
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { waitUntil } from '../cluster/wait-until.ts';

/** Printed after each block; no command prints it by chance. */
const END_OF_BLOCK = '--- end of block ---';

export class ShellSession {
  readonly #shell: ChildProcessWithoutNullStreams;
  #output = '';
  #hasEnded = false;

  constructor(folder: string, environment: NodeJS.ProcessEnv) {
    this.#shell = spawn('sh', [], { cwd: folder, env: environment, detached: true });
    for (const stream of [this.#shell.stdout, this.#shell.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => (this.#output += text));
    }
    this.#shell.once('close', () => (this.#hasEnded = true));
    this.#shell.stdin.on('error', () => {}); // of a shell that has ended: `run` says so
    this.#shell.stdin.write('set -e\n');
  }

  /** @returns what the commands printed, both streams as they came */
  async run(commands: string, timeoutMs: number): Promise<string> {
    this.#output = '';
    this.#shell.stdin.write(
      `{\n${commands}\n} </dev/null 2>&1\nprintf '%s\\n' '${END_OF_BLOCK}'\n`,
    );
    return waitUntil('the end of a block', () => this.#outputOfBlock(), timeoutMs).catch(
      (error: unknown) => {
        throw new Error(`${String(error)}; it printed:\n${this.#output}`, { cause: error });
      },
    );
  }

  /** Whether the shell, or anything that it started, is still there. */
  get isAlive(): boolean {
    try {
      return process.kill(-this.#groupId(), 0);
    } catch {
      return false;
    }
  }

  /** Ends the shell as a reader does who is done. */
  leave(): void {
    this.#shell.stdin.end();
  }

  /** Ends whatever is left. */
  kill(): void {
    if (this.isAlive) process.kill(-this.#groupId(), 'SIGKILL');
  }

  #outputOfBlock(): string | undefined {
    const end = this.#output.indexOf(`${END_OF_BLOCK}\n`);
    if (end >= 0) return this.#output.slice(0, end);
    if (this.#hasEnded) throw new Error('a command failed, and the shell has ended');
    return undefined;
  }

  /** A shell that did not start has none; group 0 would be our own. */
  #groupId(): number {
    const { pid } = this.#shell;
    if (pid === undefined) throw new Error('sh cannot be started');
    return pid;
  }
}
