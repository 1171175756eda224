import { describe, expect, it } from 'vitest';
import { createPeerState, type SourceState } from '../session/peer-state.ts';
import { RateEstimate } from './rate-estimate.ts';
import { SourceRates } from './source-rates.ts';

function aSource(bytesPerMs?: number): { readonly source: SourceState } {
  const { source } = createPeerState(1, { address: 'a', isOrigin: false }, 0);
  if (!source) throw new Error('no source');
  if (bytesPerMs !== undefined) source.rate.add(1_000 * bytesPerMs, 1_000);
  return { source };
}

describe('RateEstimate', () => {
  it('knows nothing at first, then what came in the time it took', () => {
    const rate = new RateEstimate();
    expect(rate.bytesPerMs).toBeUndefined();
    rate.add(1_000, 10);
    expect(rate.bytesPerMs).toBe(100);
  });

  it('does not take a burst within one tick of the clock for an infinite rate', () => {
    const rate = new RateEstimate();
    rate.add(1_000, 10);
    for (let count = 0; count < 3; count++) rate.add(1_000, 0);
    expect(rate.bytesPerMs).toBeLessThan(1_000);
  });

  it('follows a change within a few samples', () => {
    const rate = new RateEstimate();
    for (let count = 0; count < 20; count++) rate.add(1_000, 10);
    for (let count = 0; count < 10; count++) rate.add(1_000, 100);
    expect(rate.bytesPerMs).toBeLessThan(15);
  });
});

describe('SourceRates', () => {
  it('takes a source that is not known for the mean of the others', () => {
    const rates = new SourceRates();
    const fresh = aSource();
    rates.update([aSource(100), aSource(300), fresh]);
    expect(rates.known(fresh.source)).toBe(200);
  });

  it('believes what it knows of a source that is busy, and forgives one that was left alone', () => {
    const rates = new SourceRates();
    const slow = aSource(10);
    slow.source.busySinceMs = 1_000;
    rates.update([slow, aSource(390)]);
    expect(rates.believed(slow.source, 1_000)).toBeCloseTo(10);
    expect(rates.believed(slow.source, 10_000)).toBeGreaterThan(190);
  });

  it('never takes a fast source for slower than it is', () => {
    const rates = new SourceRates();
    const fast = aSource(500);
    rates.update([fast, aSource(100)]);
    expect(rates.believed(fast.source, 60_000)).toBe(500);
  });

  it('takes a source that missed a deadline for half as fast, known or not', () => {
    const rates = new SourceRates();
    const [known, fresh] = [aSource(100), aSource()];
    rates.update([known]);
    rates.punish(known.source);
    rates.punish(fresh.source);
    expect(known.source.rate.bytesPerMs).toBe(50);
    expect(fresh.source.rate.bytesPerMs).toBe(50);
  });
});
