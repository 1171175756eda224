/** A child that speaks over a channel: its words in order, its death as an error, its end by its pid. */
import { fork, type ChildProcess } from 'node:child_process';

/** Of what it wrote on its error output, characters that a failure shows. */
const SHOWN_ERROR_CHARS = 400;

export class ForkedProcess {
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #said: unknown[] = [];
  #errorText = '';
  #hasEnded = false;
  #wake: () => void = () => undefined;
  readonly #exited: Promise<void>;

  /** @param orders its only argument, as JSON */
  constructor(modulePath: string, orders: unknown) {
    this.#name = modulePath.slice(modulePath.lastIndexOf('/') + 1);
    this.#child = fork(modulePath, [JSON.stringify(orders)], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.on('data', (bytes: Buffer) => {
      this.#errorText += bytes.toString();
    });
    this.#child.on('message', (message) => {
      this.#said.push(message);
      this.#wake();
    });
    this.#exited = new Promise((resolve) => {
      const ended = (): void => {
        this.#hasEnded = true;
        this.#wake();
        resolve();
      };
      this.#child.once('close', ended).once('error', ended);
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  tell(message: object): void {
    this.#child.send(message, () => undefined); // whoever waits for the answer learns of its death
  }

  /**
   * Its next word; one caller at a time.
   * @throws Error when it ends instead
   */
  async next<T>(): Promise<T> {
    while (this.#said.length === 0) {
      if (this.#hasEnded) throw new Error(`${this.#name} ended: ${this.#lastWords()}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return this.#said.shift() as T;
  }

  async end(): Promise<void> {
    if (!this.#hasEnded) this.#child.kill('SIGKILL');
    await this.#exited;
  }

  #lastWords(): string {
    return this.#errorText.replaceAll(/\s+/g, ' ').slice(0, SHOWN_ERROR_CHARS);
  }
}
