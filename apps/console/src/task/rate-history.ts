/**
 * The rate of a task over time, for as long as somebody watches. Bounded: when it is full, pairs of
 * neighbours become one point with their mean, so a day fits and the latest are the finest.
 */
export const MAX_RATE_POINTS = 600;

export interface RateHistory {
  /** Seconds since 1970, growing. */
  readonly atSeconds: readonly number[];
  /** Null while nothing was measured. */
  readonly bytesPerSecond: readonly (number | null)[];
}

export const NO_RATES: RateHistory = { atSeconds: [], bytesPerSecond: [] };

export function addRate(
  history: RateHistory,
  nowMs: number,
  bytesPerSecond: number | undefined,
): RateHistory {
  const { atSeconds, bytesPerSecond: rates } =
    history.atSeconds.length >= MAX_RATE_POINTS ? halveOlder(history) : history;
  return {
    atSeconds: [...atSeconds, nowMs / 1_000],
    bytesPerSecond: [...rates, bytesPerSecond ?? null],
  };
}

/** The older half in pairs; the newer half as it is. */
function halveOlder({ atSeconds, bytesPerSecond }: RateHistory): RateHistory {
  const half = MAX_RATE_POINTS / 2;
  const pairs = Array.from({ length: half / 2 }, (_, pair) => 2 * pair);
  return {
    atSeconds: [...pairs.map((index) => atSeconds[index] ?? 0), ...atSeconds.slice(half)],
    bytesPerSecond: [
      ...pairs.map((index) => meanOf(bytesPerSecond[index], bytesPerSecond[index + 1])),
      ...bytesPerSecond.slice(half),
    ],
  };
}

function meanOf(a: number | null = null, b: number | null = null): number | null {
  return a !== null && b !== null ? (a + b) / 2 : (a ?? b);
}
