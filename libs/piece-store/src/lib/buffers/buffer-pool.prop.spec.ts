/**
 * The pool and the caches over it against a model that only counts: who holds what, who waits since
 * when. Any order of wishes, overdrafts, cached pieces and releases.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BufferPool, type PieceBuffer } from './buffer-pool.ts';
import { PieceCache } from './piece-cache.ts';

const BUDGET_BYTES = 100;
const LARGEST_BYTES = 120;

type Step =
  | { readonly do: 'acquire' | 'acquireNow'; readonly byteCount: number }
  | { readonly do: 'release' | 'retain' | 'cache' | 'use'; readonly pick: number };

const sizes = fc.constantFrom(10, 20, 30, 50, LARGEST_BYTES);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('acquire', 'acquireNow'), byteCount: sizes }),
  fc.record({ do: fc.constantFrom('release', 'retain', 'cache', 'use'), pick: fc.nat(20) }),
);

class Model {
  readonly pool = new BufferPool(BUDGET_BYTES);
  readonly caches = [new PieceCache(this.pool), new PieceCache(this.pool)];
  /** References that somebody other than a cache holds, one entry each. */
  readonly held: PieceBuffer[] = [];
  readonly overdrafts = new Set<Buffer>();
  asked = 0;
  readonly served: number[] = [];

  apply(action: Step): void {
    switch (action.do) {
      case 'acquire': {
        const ticket = this.asked++;
        void this.pool.acquire(action.byteCount).then((buffer) => {
          this.served.push(ticket);
          this.held.push(buffer);
        });
        return;
      }
      case 'acquireNow': {
        const buffer = this.pool.acquireNow(action.byteCount);
        this.overdrafts.add(buffer.bytes);
        this.held.push(buffer);
        return;
      }
      case 'use': {
        const buffer = this.caches[action.pick % 2]?.get(action.pick);
        if (buffer) this.held.push(buffer);
        return;
      }
      default:
        return this.applyToHeld(action.do, action.pick);
    }
  }

  applyToHeld(what: 'release' | 'retain' | 'cache', pick: number): void {
    const buffer = this.held[pick % this.held.length];
    if (!buffer) return;
    if (what === 'retain') {
      buffer.retain();
      this.held.push(buffer);
    } else if (what === 'cache') {
      this.caches[pick % 2]?.put(pick, buffer);
    } else {
      this.held.splice(this.held.indexOf(buffer), 1);
      if (!this.held.includes(buffer)) this.overdrafts.delete(buffer.bytes);
      buffer.release();
    }
  }

  /** More than this is never allocated, whatever happened before. */
  mostBytes(): number {
    let overdraft = 0;
    for (const bytes of this.overdrafts) overdraft += bytes.length;
    return Math.max(BUDGET_BYTES, LARGEST_BYTES) + overdraft;
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
}

async function run(steps: readonly Step[], check: (model: Model) => void): Promise<Model> {
  const model = new Model();
  for (const action of steps) {
    model.apply(action);
    await settled();
    check(model);
  }
  return model;
}

describe('BufferPool with its caches, for any use', () => {
  it('stays within the budget, save for what was taken at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        await run(steps, (model) => {
          expect(model.pool.allocatedBytes).toBeLessThanOrEqual(model.mostBytes());
        });
      }),
    );
  });

  it('keeps strictly within the budget when nothing is taken at once and every piece fits', async () => {
    const fitting = step.filter(
      (action) =>
        action.do !== 'acquireNow' && !('byteCount' in action && action.byteCount > BUDGET_BYTES),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fitting, { maxLength: 40 }), async (steps) => {
        await run(steps, ({ pool }) => {
          expect(pool.allocatedBytes).toBeLessThanOrEqual(BUDGET_BYTES);
        });
      }),
    );
  });

  it('serves in the order of asking and never lends one buffer twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        await run(steps, ({ served, held }) => {
          expect(served).toEqual(Array.from(served.keys()));
          const holders = new Map(held.map((buffer) => [buffer.bytes, buffer]));
          for (const buffer of held) expect(holders.get(buffer.bytes)).toBe(buffer);
        });
      }),
    );
  });

  it('lets nobody wait for memory that only caches hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const model = await run(steps, () => undefined);
        while (model.held.length > 0) {
          model.applyToHeld('release', 0);
          await settled();
        }
        expect(model.served).toHaveLength(model.asked);
        expect(model.pool.allocatedBytes).toBeLessThanOrEqual(LARGEST_BYTES);
      }),
    );
  });
});
