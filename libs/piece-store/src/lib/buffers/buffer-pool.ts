/**
 * Piece buffers of the whole process within one budget (`control.cacheSize`). Buffers are counted
 * references and come back here: faulting in a fresh megabyte costs more than hashing it. Whoever
 * waits is served in order; idle holders (the piece caches) are asked to let go first.
 *
 * Memory that was just used is cheaper than memory that was not, so the pool takes no more than it has
 * use for: it starts with a small working set, and `grow` widens that, up to the budget, when a piece
 * that was let go had to be read again.
 * Invariant: allocated ≤ budget, save what `acquireNow` overdrew (the pieces that sources are sending
 * right now, a few each), and save one buffer when the budget is smaller than a single piece.
 */
export interface PieceBuffer {
  readonly bytes: Buffer;
  /** True when one reference is all that is left. */
  readonly isIdle: boolean;
  retain(): void;
  release(): void;
}

/** Gives up one buffer, only an idle one if told so. @returns false when it has none */
export type Reclaim = (idleOnly: boolean) => boolean;

/** Working set of a pool that has missed nothing yet, bytes: about what is being received at once. */
export const FIRST_WORKING_SET_BYTES = 16 * 1024 * 1024;

interface Waiter {
  readonly byteCount: number;
  readonly grant: (buffer: PieceBuffer) => void;
}

export class BufferPool {
  readonly #budgetBytes: number;
  readonly #free = new Map<number, Buffer[]>();
  readonly #waiters: Waiter[] = [];
  readonly #reclaimers = new Set<Reclaim>();
  #allocatedBytes = 0;
  #workingSetBytes: number;
  #isServing = false;

  constructor(budgetBytes: number) {
    this.#budgetBytes = budgetBytes;
    this.#workingSetBytes = Math.min(FIRST_WORKING_SET_BYTES, budgetBytes);
  }

  get budgetBytes(): number {
    return this.#budgetBytes;
  }

  /** A piece that was let go is needed again: so much more may be kept from now on. */
  grow(byteCount: number): void {
    this.#workingSetBytes = Math.min(this.#budgetBytes, this.#workingSetBytes + byteCount);
  }

  get allocatedBytes(): number {
    return this.#allocatedBytes;
  }

  /** True while more is allocated than the budget allows. */
  get isOverdrawn(): boolean {
    return this.#allocatedBytes > this.#budgetBytes;
  }

  /** True while nothing idle may be held: somebody waits, or more is allocated than allowed. */
  get isShort(): boolean {
    return this.#waiters.length > 0 || this.isOverdrawn;
  }

  addReclaimer(reclaim: Reclaim): void {
    this.#reclaimers.add(reclaim);
  }

  removeReclaimer(reclaim: Reclaim): void {
    this.#reclaimers.delete(reclaim);
  }

  /** Waits for a buffer of exactly `byteCount` bytes, first come first served. */
  acquire(byteCount: number): Promise<PieceBuffer> {
    return new Promise((resolve) => {
      this.#waiters.push({ byteCount, grant: resolve });
      this.#serve();
    });
  }

  /** A buffer at once, over the budget if it must be: for data that is already arriving. */
  acquireNow(byteCount: number): PieceBuffer {
    return this.#tryTake(byteCount) ?? this.#allocate(byteCount);
  }

  /** Not re-entrant: reclaiming a buffer for the first waiter brings buffers back here. */
  #serve(): void {
    if (this.#isServing) return;
    this.#isServing = true;
    for (let waiter = this.#waiters[0]; waiter; waiter = this.#waiters[0]) {
      const buffer = this.#tryTake(waiter.byteCount);
      if (!buffer) break;
      this.#waiters.shift();
      waiter.grant(buffer);
    }
    this.#isServing = false;
  }

  #tryTake(byteCount: number): PieceBuffer | undefined {
    for (;;) {
      const reused = this.#free.get(byteCount)?.pop();
      if (reused) return this.#lend(reused);
      const isComfortable = this.#allocatedBytes + byteCount <= this.#workingSetBytes;
      if (!isComfortable && (this.#dropFree() || this.#reclaimOne(true))) continue;
      if (this.#fits(byteCount)) return this.#allocate(byteCount);
      if (!this.#dropFree() && !this.#reclaimOne(false)) return undefined;
    }
  }

  #fits(byteCount: number): boolean {
    return this.#allocatedBytes === 0 || this.#allocatedBytes + byteCount <= this.#budgetBytes;
  }

  #allocate(byteCount: number): PieceBuffer {
    this.#allocatedBytes += byteCount;
    return this.#lend(Buffer.allocUnsafeSlow(byteCount));
  }

  /** Hands one free buffer of another size back to the collector. */
  #dropFree(): boolean {
    for (const [byteCount, buffers] of this.#free) {
      if (!buffers.pop()) continue;
      this.#allocatedBytes -= byteCount;
      return true;
    }
    return false;
  }

  #reclaimOne(idleOnly: boolean): boolean {
    for (const reclaim of this.#reclaimers) if (reclaim(idleOnly)) return true;
    return false;
  }

  #lend(bytes: Buffer): PieceBuffer {
    return new LentBuffer(bytes, (idle) => this.#takeBack(idle));
  }

  #takeBack(bytes: Buffer): void {
    if (this.isOverdrawn) {
      this.#allocatedBytes -= bytes.length;
    } else {
      const sameSize = this.#free.get(bytes.length) ?? [];
      sameSize.push(bytes);
      this.#free.set(bytes.length, sameSize);
    }
    this.#serve();
  }
}

/** One lending of a buffer; it goes back with the last reference. */
class LentBuffer implements PieceBuffer {
  readonly bytes: Buffer;
  readonly #giveBack: (bytes: Buffer) => void;
  #references = 1;

  constructor(bytes: Buffer, giveBack: (bytes: Buffer) => void) {
    this.bytes = bytes;
    this.#giveBack = giveBack;
  }

  get isIdle(): boolean {
    return this.#references === 1;
  }

  retain(): void {
    this.#references += 1;
  }

  release(): void {
    this.#references -= 1;
    if (this.#references === 0) this.#giveBack(this.bytes);
  }
}
