import type { RequestErrorCode } from '@gofd/task-model';
import type { Logger } from '../logging/create-logger.ts';

/** DI token of HttpOptions. */
export const HTTP_OPTIONS = Symbol('gofd.httpOptions');

/** User name and plain password of the fleet. */
export interface FleetCredentials {
  readonly username: string;
  readonly password: string;
}

/** What guard, interceptor and filter need to know. */
export interface HttpOptions {
  readonly credentials: FleetCredentials;
  readonly logger: Logger;
  /** Told the code of every request that is refused or fails. */
  readonly refused?: ((code: RequestErrorCode) => void) | undefined;
  /** Time in which a body must have arrived, ms. @default BODY_TIMEOUT_MS */
  readonly bodyTimeoutMs?: number;
  /** Wrong passwords in a row after which an address has to wait. @default MAX_SIGN_IN_FAILURES */
  readonly maxSignInFailures?: number;
  /** Monotonic clock, ms. @default performance.now */
  readonly nowMs?: () => number;
}
