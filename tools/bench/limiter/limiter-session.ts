/**
 * The order of the limiter measurements: round by round, and in a round for each number of peers first
 * what the machine moves without a limit, then every rate, then the machine again, because what it
 * could move a minute ago need not be what it can move now.
 */
import {
  describeCase,
  LIMITER_PEERS,
  LIMITER_RATES,
  limiterText,
  rateOf,
  toLimiterResult,
  type LimiterReading,
  type LimiterResult,
} from './limiter-case.ts';
import { measureLimiter, type LimiterOrders } from './measure-limiter.ts';

export interface LimiterSessionOptions {
  readonly rounds: number;
  /** Of each measurement under a limit. */
  readonly seconds: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  /** Called with all results so far after each group of them. */
  readonly onResults: (results: readonly LimiterResult[]) => void;
}

/** How long the machine is measured without a limit, at most. */
const MACHINE_SECONDS = 3;

type Measure = (orders: LimiterOrders, signal: AbortSignal) => Promise<LimiterReading>;

/** @param measure replaced in tests */
export async function runLimiterSession(
  options: LimiterSessionOptions,
  measure: Measure = measureLimiter,
): Promise<LimiterResult[]> {
  const results: LimiterResult[] = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const peers of LIMITER_PEERS) {
      const found = await measureRates({ round, peers }, options, measure);
      results.push(...found);
      for (const one of found) {
        const name = `limiter, round ${round} of ${options.rounds}, ${describeCase(one)}`;
        options.say(`${name}: ${limiterText(one)}`);
      }
      options.onResults(results);
    }
  }
  return results;
}

interface Group {
  readonly round: number;
  readonly peers: number;
}

async function measureRates(
  { round, peers }: Group,
  { seconds, signal }: LimiterSessionOptions,
  measure: Measure,
): Promise<LimiterResult[]> {
  const attempt = (orders: LimiterOrders): Promise<LimiterReading | string> =>
    measure(orders, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      return error instanceof Error ? error.message : String(error);
    });
  const machine = { peers, seconds: Math.min(MACHINE_SECONDS, seconds) };
  const before = await attempt(machine);
  const readings: (LimiterReading | string)[] = [];
  for (const bytesPerSecond of LIMITER_RATES) {
    readings.push(await attempt({ peers, bytesPerSecond, seconds }));
  }
  const after = await attempt(machine);
  return LIMITER_RATES.map((bytesPerSecond, index) => {
    const run = { bytesPerSecond, peers, round };
    const reading = readings[index] ?? '';
    const failure = [reading, before, after].find((one) => typeof one === 'string');
    if (failure !== undefined || typeof reading === 'string') {
      return { ...run, isDisturbed: false, failure: failure ?? '' };
    }
    const movable = [before, after].flatMap((one) => (typeof one === 'string' ? [] : rateOf(one)));
    return toLimiterResult(run, reading, movable);
  });
}
