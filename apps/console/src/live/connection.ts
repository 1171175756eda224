/**
 * Whether what is shown is what the server says now. A page's feed reports here; the banner and every
 * live number ask here.
 */
import type { ApiError } from '@gofd/api-client';
import { Observable } from './observable.ts';

export type ConnectionState =
  | { readonly isLive: true }
  | {
      readonly isLive: false;
      readonly staleSinceMs: number;
      readonly error: ApiError;
      /** It is tried again by itself; otherwise only the user can do something. */
      readonly isRetrying: boolean;
    };

export class Connection extends Observable<ConnectionState> {
  constructor() {
    super({ isLive: true });
  }

  heard(): void {
    if (!this.value.isLive) this.set({ isLive: true });
  }

  /** The first loss gives the time; later ones only a newer reason. */
  lost(error: ApiError, nowMs: number, isRetrying = error.isPassing): void {
    const staleSinceMs = this.value.isLive ? nowMs : this.value.staleSinceMs;
    this.set({ isLive: false, staleSinceMs, error, isRetrying });
  }
}
