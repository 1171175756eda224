/** The command line of the simulator: what may be asked for, what is wrong with it, its help. Pure. */
import { parseArgs } from 'node:util';
import { SIM_MODES, SIM_SHAPES, type SimMode, type SimShape } from '@gofd/p2p-sim';

export interface SimOptions {
  readonly help: boolean;
  /** The first seed. */
  readonly from: number;
  readonly seedCount: number;
  readonly modes: readonly SimMode[];
  readonly shapes: readonly SimShape[];
  /** Stop after this long, between two seeds. @default not at all */
  readonly seconds: number | undefined;
  /** File of the result; with `goOn` also where an earlier run stopped. */
  readonly out: string;
  /** Whether to go on after the last seed of `out` and to add to its counts. */
  readonly goOn: boolean;
}

const MAX_SEED = 2 ** 31 - 1;
const MAX_SECONDS = 24 * 3600;
const DEFAULT_SEEDS = 1_000;
const DEFAULT_OUT = 'dist/sim.json';

const ARGUMENTS = {
  seed: { type: 'string' },
  seeds: { type: 'string' },
  from: { type: 'string' },
  mode: { type: 'string' },
  shape: { type: 'string' },
  seconds: { type: 'string' },
  out: { type: 'string' },
  continue: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const SIM_HELP = `Runs the real session in simulated swarms under faults, one run a seed.

npm run sim -- [options]
  --seeds N          so many seeds (default ${DEFAULT_SEEDS})
  --from N           beginning with this one (default 1)
  --seed N           this one alone
  --mode MODE        ${SIM_MODES.join(', ')}; without it they take turns
  --shape SHAPE      ${SIM_SHAPES.join(', ')}; without it they take turns
  --seconds S        stop after this long and say how far it came
  --out FILE         write the result as JSON (default ${DEFAULT_OUT})
  --continue         go on where FILE ends and add to it

Exit code 0: no violation. 1: violations, each printed with the command that repeats it. 64: bad usage.`;

/** @throws Error with a sentence that says what is wrong with the arguments */
export function parseSimOptions(args: readonly string[]): SimOptions {
  const { values } = parseArgs({ args: [...args], options: ARGUMENTS, strict: true });
  if (values.seed !== undefined && (values.seeds ?? values.from) !== undefined) {
    throw new Error('--seed is one seed; --seeds and --from are several');
  }
  const from = integer('--from', values.seed ?? values.from ?? '1', 0, MAX_SEED);
  const seedCount = values.seed === undefined ? (values.seeds ?? String(DEFAULT_SEEDS)) : '1';
  return {
    help: values.help ?? false,
    from,
    seedCount: integer('--seeds', seedCount, 1, MAX_SEED - from + 1),
    modes: oneOrAll('--mode', values.mode, SIM_MODES),
    shapes: oneOrAll('--shape', values.shape, SIM_SHAPES),
    seconds:
      values.seconds === undefined
        ? undefined
        : integer('--seconds', values.seconds, 1, MAX_SECONDS),
    out: values.out ?? DEFAULT_OUT,
    goOn: values.continue ?? false,
  };
}

function integer(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`${name} must be an integer from ${least} to ${most}, not "${text}"`);
}

function oneOrAll<T extends string>(
  name: string,
  text: string | undefined,
  all: readonly T[],
): readonly T[] {
  if (text === undefined) return all;
  const one = all.find((known) => known === text);
  if (one === undefined) throw new Error(`${name} must be ${all.join(' or ')}, not "${text}"`);
  return [one];
}
