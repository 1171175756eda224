/** What many waiting times come to. Pure. */

/** The value below which a share of the values lies, by nearest rank; undefined of no values. */
export function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

export function describeMs(ms: number | undefined): string {
  return ms === undefined ? 'none' : `${ms.toFixed(1)} ms`;
}
