/**
 * What the upload limit is measured for, and what a measurement means. The limit counts block data and
 * its headers, so that is what is divided by what the rate allows. A rate that the machine cannot
 * move even without a limit says nothing about the limit, so it gives no figure. Pure.
 */
import { encodePieceHeader, V2_BLOCK_BYTES } from '@gofd/p2p-protocol';
import { DISTURBED_SHARE } from '../report/run-result.ts';

export interface LimiterCase {
  readonly bytesPerSecond: number;
  readonly peers: number;
}

/** What one measurement read, before anything is divided. */
export interface LimiterReading {
  /** Block data that the kernel took from the sender, whole blocks only. */
  readonly sentBytes: number;
  /** Block data that came in at all receivers meanwhile, by their own count. */
  readonly receivedBytes: number;
  readonly elapsedMs: number;
  /** What others had of all cores meanwhile, 0..1. */
  readonly othersShare: number;
}

export interface LimiterResult extends LimiterCase {
  /** From 1. */
  readonly round: number;
  /** Sent / (rate × time); present exactly when the machine can move the rate and all went right. */
  readonly share?: number;
  /** What the same processes move without a limit: the lower of the measurements around this one. */
  readonly movableBytesPerSecond?: number;
  /** Others took more of the machine than `DISTURBED_SHARE`. */
  readonly isDisturbed: boolean;
  /** What went wrong; a rate beyond the machine is nothing wrong. */
  readonly failure?: string;
}

/** As the goal is stated. */
export const LIMITER_SECONDS = 10;
/** Share of the limit that it may be off, either way. */
export const LIMITER_TOLERANCE = 0.01;

export const LIMITER_RATES: readonly number[] = [10e6, 100e6, 1e9];
export const LIMITER_PEERS: readonly number[] = [1, 8];

const PIECE_HEADER_BYTES = encodePieceHeader({ piece: 0, begin: 0, length: 1 }).length;
/** Blocks of each peer that may be between the two ends, or counted a moment apart: a piece. */
const BLOCKS_UNDER_WAY = 4;
const MS_PER_SECOND = 1000;

/** Block data with the headers that the limiter counts as well. */
export function countedBytes(dataBytes: number): number {
  return dataBytes + (dataBytes / V2_BLOCK_BYTES) * PIECE_HEADER_BYTES;
}

/** Sent of what was allowed, 1 = exactly the limit. */
export function limitShare({ bytesPerSecond }: LimiterCase, reading: LimiterReading): number {
  return countedBytes(reading.sentBytes) / (bytesPerSecond * (reading.elapsedMs / MS_PER_SECOND));
}

/** With headers, bytes a second. */
export function rateOf({ sentBytes, elapsedMs }: LimiterReading): number {
  return countedBytes(sentBytes) / (elapsedMs / MS_PER_SECOND);
}

export function isWithinLimit(share: number): boolean {
  return Math.abs(share - 1) <= LIMITER_TOLERANCE;
}

/** @returns why the sender's count cannot be believed; undefined when the receivers' agrees */
export function countProblem(peers: number, reading: LimiterReading): string | undefined {
  const { sentBytes, receivedBytes } = reading;
  const allowed = LIMITER_TOLERANCE * sentBytes + peers * BLOCKS_UNDER_WAY * V2_BLOCK_BYTES;
  if (Math.abs(sentBytes - receivedBytes) <= allowed) return undefined;
  return `${sentBytes} bytes were sent and ${receivedBytes} received`;
}

/** @param movable bytes a second without a limit, measured before and after */
export function toLimiterResult(
  { round, ...limited }: LimiterCase & { readonly round: number },
  reading: LimiterReading,
  movable: readonly number[],
): LimiterResult {
  const movableBytesPerSecond = Math.min(...movable);
  const failure = countProblem(limited.peers, reading);
  const isBeyond = movableBytesPerSecond < limited.bytesPerSecond;
  return {
    ...limited,
    round,
    movableBytesPerSecond,
    isDisturbed: reading.othersShare > DISTURBED_SHARE,
    ...(failure !== undefined && { failure }),
    ...(failure === undefined && !isBeyond && { share: limitShare(limited, reading) }),
  };
}

/** @example '100 MB/s to 8 peers' */
export function describeCase({ bytesPerSecond, peers }: LimiterCase): string {
  return `${rateText(bytesPerSecond)} to ${peers} ${peers === 1 ? 'peer' : 'peers'}`;
}

/** @example rateText(1e9) is '1 GB/s', rateText(823e6) is '823 MB/s' */
export function rateText(bytesPerSecond: number): string {
  return bytesPerSecond >= 1e9
    ? `${Number((bytesPerSecond / 1e9).toFixed(2))} GB/s`
    : `${Math.round(bytesPerSecond / 1e6)} MB/s`;
}

/** One line for the terminal, or for the list below the table. */
export function limiterText(result: LimiterResult): string {
  const { share, movableBytesPerSecond, failure, isDisturbed } = result;
  if (failure !== undefined) return `no figure: ${failure}`;
  const machine = `without a limit ${rateText(movableBytesPerSecond ?? 0)}`;
  if (share === undefined) return `not measured: ${machine}`;
  return `${share.toFixed(4)} of the limit, ${machine}${isDisturbed ? ', disturbed' : ''}`;
}
