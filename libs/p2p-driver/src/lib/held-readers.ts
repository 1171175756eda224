/**
 * The connections whose reading waits until a piece of ours has reached the disk: TCP slows their
 * senders down. It never waits for anything else, because what is half-read only reading completes.
 */
import type { PeerConnection } from './peer-connection.ts';
import type { TransferMeasures } from './transfer-measures.ts';

export class HeldReaders {
  readonly #held = new Set<PeerConnection>();
  readonly #measures: TransferMeasures;
  readonly #nowMs: () => number;

  constructor(measures: TransferMeasures, nowMs: () => number) {
    this.#measures = measures;
    this.#nowMs = nowMs;
  }

  hold(connection: PeerConnection): void {
    connection.pauseReading();
    this.#held.add(connection);
    this.#measures.diskWaitBegan(this.#nowMs());
  }

  resumeAll(): void {
    if (this.#held.size === 0) return;
    for (const connection of this.#held) connection.resumeReading();
    this.#held.clear();
    this.#measures.diskWaitEnded(this.#nowMs());
  }
}
