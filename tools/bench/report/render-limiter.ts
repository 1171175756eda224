/**
 * The limiter's results as Markdown: one row for each rate and number of peers. A value of a round in
 * which the machine could not move the rate is a dash, and the row says how much it could. Pure.
 */
import {
  describeCase,
  isWithinLimit,
  LIMITER_PEERS,
  LIMITER_RATES,
  LIMITER_SECONDS,
  LIMITER_TOLERANCE,
  limiterText,
  rateText,
  type LimiterCase,
  type LimiterResult,
} from '../limiter/limiter-case.ts';
import { median } from '../measure/median.ts';
import { bullets, DISTURBED_MARK, NO_VALUE, plain, table } from './markdown.ts';

export interface LimiterReport {
  /** Of each measurement. */
  readonly seconds: number;
  /** In the order in which they were measured. */
  readonly results: readonly LimiterResult[];
}

const SHARE_DIGITS = 4;
const PERCENT = 100;

export function renderLimiter({ seconds, results }: LimiterReport): string {
  const isTry = seconds !== LIMITER_SECONDS;
  const cases = LIMITER_PEERS.flatMap((peers) =>
    LIMITER_RATES.map((bytesPerSecond) => ({ bytesPerSecond, peers })),
  );
  const rows = cases.map((one) => {
    const runs = runsOf(results, one);
    return [rateText(one.bytesPerSecond), `${one.peers}`, sharesCell(runs), machineCell(runs)];
  });
  const head = ['limit', 'peers', 'sent / allowed', 'without a limit'];
  const notes = results.filter(({ share }) => share === undefined);
  return [
    `### limiter: ours, upload limit over ${seconds} s on loopback${isTry ? ` (a try: ${LIMITER_SECONDS} s is the workload)` : ''}`,
    'Block data and its headers that left the sending process, by rate × time; both ends are data planes in processes of their own, without disks; 2 s of each are not counted. All rounds in brackets. Without a limit: what the same processes move, the lowest of all measurements.',
    table(head, rows),
    ...bullets(isTry ? [] : cases.map((one) => goalLine(one, runsOf(results, one)))),
    ...bullets(
      notes.map((one) => `${describeCase(one)}, round ${one.round}: ${plain(limiterText(one))}`),
    ),
  ].join('\n\n');
}

function runsOf(results: readonly LimiterResult[], one: LimiterCase): LimiterResult[] {
  return results.filter(
    ({ bytesPerSecond, peers }) => bytesPerSecond === one.bytesPerSecond && peers === one.peers,
  );
}

function sharesCell(runs: readonly LimiterResult[]): string {
  const all = runs.map(({ share, isDisturbed }) =>
    share === undefined
      ? NO_VALUE
      : `${share.toFixed(SHARE_DIGITS)}${isDisturbed ? DISTURBED_MARK : ''}`,
  );
  const middle = median(sharesOf(runs));
  return middle === undefined
    ? 'not measured'
    : `**${middle.toFixed(SHARE_DIGITS)}** (${all.join(', ')})`;
}

function machineCell(runs: readonly LimiterResult[]): string {
  const rates = runs.flatMap(({ movableBytesPerSecond }) => movableBytesPerSecond ?? []);
  return rates.length === 0 ? NO_VALUE : rateText(Math.min(...rates));
}

/** Judged by its worst round: a limit holds always or not. */
function goalLine(one: LimiterCase, runs: readonly LimiterResult[]): string {
  const goal = `goal: ${describeCase(one)} within ${LIMITER_TOLERANCE * PERCENT} %`;
  const shares = sharesOf(runs);
  const [worst] = shares.toSorted((a, b) => Math.abs(b - 1) - Math.abs(a - 1));
  if (worst === undefined) return `${goal}: not measured`;
  const verdict = isWithinLimit(worst) ? '**reached**' : '**not reached**';
  return `${goal} in every round: ${verdict} (${worst.toFixed(SHARE_DIGITS)})`;
}

function sharesOf(runs: readonly LimiterResult[]): number[] {
  return runs.flatMap(({ share }) => share ?? []);
}
