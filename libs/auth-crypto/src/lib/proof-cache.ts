/**
 * Remembers proofs that were found good, so that the second connection of a peer costs no PBKDF2,
 * and lets connections that arrive together share one computation. Bad proofs are not remembered:
 * an attacker could push the good ones out with them.
 */
import { isWellFormedProof, verifyHeaderProof, type HeaderProof } from './handshake-proof.ts';

/** Good proofs kept; at the bound the one unused for longest goes and is computed again. */
export const MAX_CACHED_PROOFS = 4_096;
/** Computations at once; at the bound a new proof is refused and its peer dials again later. */
export const MAX_PENDING_PROOFS = 256;

type Verify = (password: string, proof: HeaderProof) => Promise<boolean>;

export interface ProofCacheOptions {
  /** @default MAX_CACHED_PROOFS */
  readonly maxEntries?: number;
  /** @default MAX_PENDING_PROOFS */
  readonly maxPending?: number;
  /** @default verifyHeaderProof */
  readonly verify?: Verify;
}

export class ProofCache {
  readonly #password: string;
  readonly #maxEntries: number;
  readonly #maxPending: number;
  readonly #verify: Verify;
  /** Keys in order of last use. */
  readonly #good = new Set<string>();
  readonly #pending = new Map<string, Promise<boolean>>();

  constructor(password: string, options: ProofCacheOptions = {}) {
    this.#password = password;
    this.#maxEntries = options.maxEntries ?? MAX_CACHED_PROOFS;
    this.#maxPending = options.maxPending ?? MAX_PENDING_PROOFS;
    this.#verify = options.verify ?? verifyHeaderProof;
  }

  /** Number of proofs remembered. */
  get size(): number {
    return this.#good.size;
  }

  /** Whether the proof is one of the password. */
  async verify(proof: HeaderProof): Promise<boolean> {
    if (!isWellFormedProof(proof)) return false;
    const key = `${proof.salt} ${proof.digest}`;
    if (this.#good.delete(key)) {
      this.#good.add(key);
      return true;
    }
    return this.#pending.get(key) ?? this.#compute(key, proof);
  }

  async #compute(key: string, proof: HeaderProof): Promise<boolean> {
    if (this.#pending.size >= this.#maxPending) return false;
    const running = this.#verify(this.#password, proof);
    this.#pending.set(key, running);
    try {
      const isGood = await running;
      if (isGood) this.#remember(key);
      return isGood;
    } finally {
      this.#pending.delete(key);
    }
  }

  #remember(key: string): void {
    this.#good.add(key);
    for (const oldest of this.#good) {
      if (this.#good.size <= this.#maxEntries) return;
      this.#good.delete(oldest);
    }
  }
}
