import { ConfigKey } from './config-key.ts';
import { IsIntegerBetween } from './config-rules.ts';

export const MAX_CACHE_MIB = 1_048_576;
export const MAX_ACTIVE_TASKS = 10_000;
export const BYTES_PER_MIB = 1_048_576;

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

  /** `cacheSize` in bytes. */
  get cacheBytes(): number {
    return this.cacheSize * BYTES_PER_MIB;
  }
}
