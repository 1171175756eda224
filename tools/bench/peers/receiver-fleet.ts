/** Receivers that wait for the word and then say "done": what most peers have on their hosts. */
import type { HostProcess } from '../network/host-process.ts';

export class ReceiverFleet {
  readonly #processes = new Map<number, HostProcess>();

  get all(): readonly HostProcess[] {
    return [...this.#processes.values()];
  }

  add(host: number, receiver: HostProcess): void {
    this.#processes.set(host, receiver);
  }

  release(): void {
    for (const receiver of this.#processes.values()) receiver.release();
  }

  /** @throws Error when one of these hosts' processes ends before it is done */
  async waitUntilDone(hosts: readonly number[]): Promise<void> {
    const awaited = hosts.flatMap((host) => this.#processes.get(host) ?? []);
    await Promise.all(awaited.map((receiver) => receiver.waitForLine('done')));
  }
}
