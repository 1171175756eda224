/**
 * A process on one host of the lab. It is started before the clock and may wait there for the word
 * to go, so that starting it is in nobody's time; and it speaks in lines ("ready", "done"), so that
 * nobody polls. Its environment is bare: no proxy, no configuration of the user reaches a peer.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { waitUntil } from '../../cluster/wait-until.ts';
import { hasListener, type Protocol } from './listening-port.ts';
import { namespaceIdentity, networkOf } from './namespace-processes.ts';

export interface HostProcessOptions {
  /** Holds the command back until `release`. @default false */
  readonly waitsForGo?: boolean;
  /** `lines` are for `waitForLine`; `log` keeps talkative daemons apart. @default 'lines' */
  readonly stdout?: 'lines' | 'log';
}

export interface HostProcessPlace {
  readonly namespace: string;
  /** For its error output; made when missing. */
  readonly logPath: string;
  /** Working folder and HOME. */
  readonly folder: string;
  /** A control group's list that it enters; undefined where groups cannot be had. */
  readonly groupListPath: string | undefined;
}

/** Lines of a log that a failure shows. */
const SHOWN_LOG_LINES = 5;
const LISTEN_TIMEOUT_MS = 60_000;
const ENTER_GROUP = 'echo $$ > "$0" && exec "$@"';
const WAIT_FOR_GO = 'read -r _ && exec "$@"';

export class HostProcess {
  readonly #child: ChildProcess;
  readonly #place: HostProcessPlace;
  readonly #command: string;
  readonly #lines: string[] = [];
  readonly #waiters = new Set<() => void>();
  #hasClosed = false;

  constructor(place: HostProcessPlace, command: readonly string[], options: HostProcessOptions) {
    const { waitsForGo = false, stdout = 'lines' } = options;
    this.#place = place;
    this.#command = command[0] ?? '';
    const enterGroup =
      place.groupListPath === undefined ? [] : ['sh', '-c', ENTER_GROUP, place.groupListPath];
    const enterHost = ['ip', 'netns', 'exec', place.namespace];
    const [program = '', ...args] = [
      ...enterGroup,
      ...enterHost,
      ...(waitsForGo ? ['sh', '-c', WAIT_FOR_GO, 'sh'] : []),
      ...command,
    ];
    const log = openSync(place.logPath, 'a');
    this.#child = spawn(program, args, {
      cwd: place.folder,
      env: { PATH: process.env.PATH, HOME: place.folder, LC_ALL: 'C' },
      stdio: ['pipe', stdout === 'lines' ? 'pipe' : log, log],
      // Ctrl-C on the terminal is for the bench, which then ends this in its own order.
      detached: true,
    });
    closeSync(log);
    this.#listen();
  }

  /** The command's own: every step on the way to it is an exec. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** It has ended and what it said has been read. */
  get hasEnded(): boolean {
    return this.#hasClosed;
  }

  /** Lets a process that waits begin, or tells one that reads its input. */
  release(): void {
    this.#child.stdin?.write('\n');
  }

  /** Also one that has not entered its host yet. */
  kill(): void {
    if (!this.#hasClosed) this.#child.kill('SIGKILL');
  }

  /**
   * @returns the first line that begins with `start`, from now or before
   * @throws Error when the process ends without it
   */
  async waitForLine(start: string): Promise<string> {
    for (;;) {
      const line = this.#lines.find((one) => one.startsWith(start));
      if (line !== undefined) return line;
      if (this.hasEnded)
        throw new Error(`${this.#command} ended before "${start}"${this.#lastWords()}`);
      await new Promise<void>((resolve) => this.#waiters.add(resolve));
    }
  }

  /** Waits until the process itself, inside its host, accepts on a port. */
  async waitForPort(port: number, protocol: Protocol = 'tcp'): Promise<void> {
    const isThere = (): boolean => {
      if (this.hasEnded) throw new Error(`${this.#command} ended${this.#lastWords()}`);
      // Before the command has entered its host, the table would be that of the machine.
      if (networkOf(this.pid) !== namespaceIdentity(this.#place.namespace)) return false;
      return hasListener(readFileSync(`/proc/${this.pid}/net/${protocol}`, 'utf8'), protocol, port);
    };
    await waitUntil(`${this.#command} on ${protocol} port ${port}`, isThere, LISTEN_TIMEOUT_MS);
  }

  /** Waits until it has ended; with another exit code than 0 it has failed. */
  async waitForSuccess(): Promise<void> {
    while (!this.hasEnded) {
      await new Promise<void>((resolve) => this.#waiters.add(resolve));
    }
    if (this.#child.exitCode === 0) return;
    const how = this.#child.signalCode ?? `code ${this.#child.exitCode}`;
    throw new Error(`${this.#command} ended with ${how}${this.#lastWords()}`);
  }

  #listen(): void {
    this.#child.stdin?.on('error', () => undefined); // it ended before it read the word
    this.#child.on('error', (error) => this.#notice(`error ${error.message}`));
    // close and not exit: what it said last is still on its way when it exits.
    this.#child.on('close', () => {
      this.#hasClosed = true;
      this.#notice();
    });
    if (!this.#child.stdout) return;
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#notice(line));
  }

  #notice(line?: string): void {
    if (line !== undefined) this.#lines.push(line);
    for (const wake of this.#waiters) wake();
    this.#waiters.clear();
  }

  #lastWords(): string {
    const { logPath } = this.#place;
    const log = existsSync(logPath) ? readFileSync(logPath, 'utf8').trim() : '';
    const words = [...this.#lines, ...log.split('\n')].filter((line) => line !== '');
    return words.length === 0 ? '' : `: ${words.slice(-SHOWN_LOG_LINES).join(' | ')}`;
  }
}
