/** How far a simulation is: one line on a terminal, redrawn now and then; nothing anywhere else. */
import { createLogUpdate } from 'log-update';
import type { TransferProgress } from '@gofd/p2p-sim';
import { clockText, countText, millisecondsText } from './quantity-text.ts';

const REDRAW_INTERVAL_MS = 250;

export function progressText(progress: TransferProgress, elapsedMs: number): string {
  const share = progress.storedPieces / progress.totalPieces;
  const leftSeconds = (elapsedMs / 1000) * (1 / share - 1);
  return [
    `${(Math.floor(share * 1000) / 10).toFixed(1)} % of all pieces`,
    `${millisecondsText(progress.simulatedMs)} simulated`,
    `${countText(progress.eventCount)} events`,
    ...(share > 0 ? [`about ${clockText(leftSeconds)} left`] : []),
  ].join(', ');
}

export class ProgressLine {
  readonly #update: ReturnType<typeof createLogUpdate> | undefined;
  readonly #startedAtMs: number;
  readonly #nowMs: () => number;
  #drawnAtMs = Number.NEGATIVE_INFINITY;

  constructor(screen: NodeJS.WriteStream, nowMs: () => number) {
    this.#update = screen.isTTY ? createLogUpdate(screen) : undefined;
    this.#nowMs = nowMs;
    this.#startedAtMs = nowMs();
  }

  show(progress: TransferProgress): void {
    const nowMs = this.#nowMs();
    if (!this.#update || nowMs - this.#drawnAtMs < REDRAW_INTERVAL_MS) return;
    this.#drawnAtMs = nowMs;
    this.#update(progressText(progress, nowMs - this.#startedAtMs));
  }

  /** Takes the line away. */
  close(): void {
    this.#update?.clear();
    this.#update?.done();
  }
}
