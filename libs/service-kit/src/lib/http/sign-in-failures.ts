/**
 * Slows down who guesses passwords: an address that has failed MAX_SIGN_IN_FAILURES times in a row is not
 * even looked at for a while, and longer with each further failure. Other addresses are unaffected, and
 * one success clears an address. Pure: the time is handed in.
 */
import { isIPv6 } from 'node:net';

/** Failures in a row that cost nothing: people mistype. */
export const MAX_SIGN_IN_FAILURES = 10;
/** How long an address is shut out: first, doubled each time, at most the last. */
export const LOCK_FIRST_MS = 1_000;
export const LOCK_MAX_MS = 60_000;
/** A failure is forgotten after this time without another. */
export const FORGET_AFTER_MS = 15 * 60_000;
/** Addresses that are remembered; beyond it the one that failed longest ago makes room. */
export const MAX_TRACKED_ADDRESSES = 10_000;

interface Failures {
  readonly count: number;
  readonly lastAtMs: number;
  readonly lockedUntilMs: number;
}

export class SignInFailures {
  /** The one that failed longest ago first. */
  readonly #failures = new Map<string, Failures>();
  readonly #maxFailures: number;

  constructor(maxFailures = MAX_SIGN_IN_FAILURES) {
    this.#maxFailures = maxFailures;
  }

  get trackedCount(): number {
    return this.#failures.size;
  }

  /** Time for which an address is still shut out, ms; 0 when it may try. */
  waitMs(address: string, nowMs: number): number {
    const known = this.#failures.get(networkOf(address));
    return Math.max(0, (known?.lockedUntilMs ?? 0) - nowMs);
  }

  failed(address: string, nowMs: number): void {
    const network = networkOf(address);
    const known = this.#failures.get(network);
    const isFresh = known !== undefined && nowMs - known.lastAtMs < FORGET_AFTER_MS;
    const count = (isFresh ? known.count : 0) + 1;
    const locks = count - this.#maxFailures;
    const lockMs = locks < 0 ? 0 : Math.min(LOCK_MAX_MS, LOCK_FIRST_MS * 2 ** Math.min(locks, 30));
    this.#failures.delete(network);
    this.#failures.set(network, { count, lastAtMs: nowMs, lockedUntilMs: nowMs + lockMs });
    if (this.#failures.size <= MAX_TRACKED_ADDRESSES) return;
    const oldest = this.#failures.keys().next();
    if (!oldest.done) this.#failures.delete(oldest.value);
  }

  succeeded(address: string): void {
    this.#failures.delete(networkOf(address));
  }
}

const MAPPED_IPV4 = '::ffff:';
const GROUPS_OF_A_NETWORK = 4;

/** One host has a whole /64 of IPv6 addresses to come from. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  if (address.toLowerCase().startsWith(MAPPED_IPV4)) return address.slice(MAPPED_IPV4.length);
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const missing =
    tail === undefined ? 0 : 8 - groups.length - tail.split(':').filter(Boolean).length;
  const all = [...groups, ...Array<string>(missing).fill('0'), ...(tail ?? '').split(':')];
  return all.slice(0, GROUPS_OF_A_NETWORK).join(':').toLowerCase();
}
