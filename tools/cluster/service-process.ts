/** One real server or agent process with its log in a file; started, watched and ended by its pid. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export type ServiceName = 'server' | 'agent';

/** Time that a service gets to leave after SIGTERM before it is killed, ms. */
const STOP_TIMEOUT_MS = 10_000;

const DIST = fileURLToPath(new URL('../../dist/apps/', import.meta.url));

export function serviceMain(service: ServiceName | 'cli'): string {
  return `${DIST}${service}/main.js`;
}

export class ServiceProcess {
  readonly logPath: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;

  /** @param enter command that runs the rest of its arguments elsewhere, by exec: the pid stays */
  constructor(
    service: ServiceName,
    configPath: string,
    logPath: string,
    enter: readonly string[] = [],
  ) {
    this.logPath = logPath;
    const log = openSync(logPath, 'a');
    const command = [...enter, process.execPath, serviceMain(service), '-c', configPath];
    this.#child = spawn(command[0] ?? '', command.slice(1), { stdio: ['ignore', log, log] });
    closeSync(log);
    this.#exited = new Promise((resolve) => {
      this.#child.once('exit', (code) => resolve(code));
      this.#child.once('error', () => resolve(null));
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  signal(name: NodeJS.Signals): void {
    if (this.isRunning) this.#child.kill(name);
  }

  /** Exit code; null when a signal ended it. */
  waitForExit(): Promise<number | null> {
    return this.#exited;
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.#exited;
  }

  async stop(): Promise<void> {
    this.signal('SIGCONT');
    this.signal('SIGTERM');
    const timer = setTimeout(() => this.signal('SIGKILL'), STOP_TIMEOUT_MS);
    await this.#exited;
    clearTimeout(timer);
  }

  /** What the process wrote so far. */
  log(): string {
    return readFileSync(this.logPath, 'utf8');
  }
}
