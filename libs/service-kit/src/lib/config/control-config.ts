import { ConfigKey } from './config-key.ts';
import { IsIntegerBetween, IsPositiveNumber, MayBeAbsent } from './config-rules.ts';

export const MAX_CACHE_MIB = 1_048_576;
export const MAX_ACTIVE_TASKS = 10_000;
export const BYTES_PER_MIB = 1_048_576;
export const MAX_SPEED_MIB_PER_SECOND = 100_000;

/** How much of the machine a service may use. */
export class ControlConfig {
  /** Memory for piece buffers, MiB. */
  @ConfigKey()
  @IsIntegerBetween(1, MAX_CACHE_MIB)
  cacheSize = 25;

  /** Tasks that run at once; further ones wait. */
  @ConfigKey()
  @IsIntegerBetween(1, MAX_ACTIVE_TASKS)
  maxActive = 5;

  /** Upload limit to any one peer, MiB a second; none by default. */
  @ConfigKey()
  @IsPositiveNumber(MAX_SPEED_MIB_PER_SECOND)
  @MayBeAbsent()
  peerSpeed?: number;

  /** `cacheSize` in bytes. */
  get cacheBytes(): number {
    return this.cacheSize * BYTES_PER_MIB;
  }
}

/** @returns bytes a second, at least 1; Infinity where there is no limit */
export function toBytesPerSecond(mibPerSecond: number | undefined): number {
  return mibPerSecond === undefined
    ? Infinity
    : Math.max(1, Math.round(mibPerSecond * BYTES_PER_MIB));
}
