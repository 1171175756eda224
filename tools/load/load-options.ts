/** The command line of the load measurements: what may be asked for, what is wrong with it, its help. Pure. */
import { parseArgs } from 'node:util';

export const MEASUREMENTS = ['reports', 'queue', 'list'] as const;
export type Measurement = (typeof MEASUREMENTS)[number];

export interface LoadOptions {
  readonly help: boolean;
  readonly measurements: readonly Measurement[];
  readonly reportsPerSecond: number;
  readonly seconds: number;
}

const MAX_RATE = 100_000;
const MAX_SECONDS = 3_600;
const ARGUMENTS = {
  rate: { type: 'string' },
  seconds: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const LOAD_HELP = `Measures how a real server bears a large fleet, on loopback, with agents that only report.

npm run load -- [${MEASUREMENTS.join('|')}]... [options]
  reports        5,000 hosts report at --rate for --seconds: waiting times, and whether any was lost
  queue          200 tasks of 100 hosts wait for their turn: memory of the server
  list           1,000 tasks in one page: time of the answer
  --rate N       reports a second (default 5000)
  --seconds S    for so long (default 60)

Without a name all are measured. Nothing is judged: the figures are printed.
Exit code 0: measured. 1: something went wrong. 64: bad usage.`;

/** @throws Error that says which argument is wrong */
export function parseLoadOptions(args: readonly string[]): LoadOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: ARGUMENTS,
    allowPositionals: true,
  });
  for (const name of positionals) {
    if (!isMeasurement(name)) {
      throw new Error(`there is no ${name}: choose of ${MEASUREMENTS.join(', ')}`);
    }
  }
  return {
    help: values.help ?? false,
    measurements: positionals.length > 0 ? positionals.filter(isMeasurement) : MEASUREMENTS,
    reportsPerSecond: wholeNumber('--rate', values.rate ?? '5000', MAX_RATE),
    seconds: wholeNumber('--seconds', values.seconds ?? '60', MAX_SECONDS),
  };
}

function isMeasurement(name: string): name is Measurement {
  return (MEASUREMENTS as readonly string[]).includes(name);
}

function wholeNumber(flag: string, text: string, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > max) throw new Error(`${flag} must be a number from 1 to ${max}`);
  return value;
}
