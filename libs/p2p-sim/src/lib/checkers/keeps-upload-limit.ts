/**
 * In no window does a process send more than rate × (window + burst) and two blocks: one that is
 * booked, and one that was booked for a peer that left and goes to the next peer, however late.
 */
import { LIMITER_BURST_MS, type TaskGeometry } from '@gofd/p2p-protocol';
import type { Checker, Step } from './checker.ts';

interface Bucket {
  levelBytes: number;
  atMs: number;
}

const BLOCKS_ON_TOP = 2;

/** Absorbs the rounding of long sums. */
const TOLERANCE_BYTES = 1;

export class KeepsUploadLimit implements Checker {
  readonly concern = 'brokenRule';
  readonly #blockBytes: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(geometry: TaskGeometry) {
    this.#blockBytes = geometry.blockBytes;
  }

  check({ nowMs, process, effects }: Step): string | undefined {
    const sentBytes = effects.reduce(
      (sum, effect) => (effect.type === 'sendBlock' ? sum + effect.length : sum),
      0,
    );
    if (sentBytes === 0 || process.uploadBytesPerSecond === Infinity) return undefined;
    const bucket = this.#buckets.get(process.name) ?? { levelBytes: 0, atMs: nowMs };
    this.#buckets.set(process.name, bucket);
    const bytesPerMs = process.uploadBytesPerSecond / 1000;
    const drained = Math.max(0, bucket.levelBytes - (nowMs - bucket.atMs) * bytesPerMs);
    bucket.levelBytes = drained + sentBytes;
    bucket.atMs = nowMs;
    const onTopBytes = BLOCKS_ON_TOP * this.#blockBytes + TOLERANCE_BYTES;
    const allowedBytes = bytesPerMs * LIMITER_BURST_MS + onTopBytes;
    if (bucket.levelBytes <= allowedBytes) return undefined;
    return `sends ${Math.round(bucket.levelBytes - allowedBytes)} bytes above its upload limit`;
  }
}
