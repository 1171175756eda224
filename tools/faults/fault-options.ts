/** The command line of the fault runner: what may be asked for, what is wrong with it, and its help. Pure. */
import { parseArgs } from 'node:util';
import { PHASES, type Fault, type Phase } from './fault.ts';
import { SHORT_SET } from './faults/fault-list.ts';

/** One run to do. */
export interface PlannedRun {
  readonly fault: Fault;
  readonly phase: Phase;
  readonly seed: number;
}

export interface FaultOptions {
  readonly help: boolean;
  readonly runs: readonly PlannedRun[];
  readonly json: string | undefined;
  /** Folder for the logs of runs that failed. */
  readonly logs: string | undefined;
  /** Raw results to write the document from, instead of running. */
  readonly render: readonly string[];
  readonly out: string;
}

export const MAX_SEEDS = 1_000;
const MAX_SEED = 2 ** 31 - 1;
const DEFAULT_OUT = 'docs/reliability.md';

const ARGUMENTS = {
  seed: { type: 'string', default: '1' },
  seeds: { type: 'string', default: '1' },
  only: { type: 'string' },
  phases: { type: 'string' },
  short: { type: 'boolean', default: false },
  json: { type: 'string' },
  logs: { type: 'string' },
  render: { type: 'string' },
  out: { type: 'string', default: DEFAULT_OUT },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** @returns the options, or one sentence per mistake */
export function parseFaultOptions(
  args: readonly string[],
  faults: readonly Fault[],
): FaultOptions | string[] {
  let values;
  try {
    ({ values } = parseArgs({ args: [...args], options: ARGUMENTS }));
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
  const problems: string[] = [];
  const first = parseCount('--seed', values.seed, MAX_SEED, problems);
  const count = parseCount('--seeds', values.seeds, MAX_SEEDS, problems);
  const ids = values.only?.split(',');
  const phases = values.phases?.split(',');
  for (const id of ids ?? []) {
    if (!faults.some((fault) => fault.id === id)) problems.push(`--only: there is no fault ${id}`);
  }
  for (const phase of phases ?? []) {
    if (!(phase in PHASES)) problems.push(`--phases: there is no phase ${phase}`);
  }
  const chosen = faults.flatMap((fault) =>
    fault.phases
      .filter((phase) => phases?.includes(phase) ?? true)
      .filter(() => ids?.includes(fault.id) ?? true)
      .filter((phase) => !values.short || isShort(fault.id, phase))
      .map((phase) => ({ fault, phase })),
  );
  if (problems.length === 0 && chosen.length === 0) problems.push('nothing is left to run');
  if (problems.length > 0) return problems;
  const seeds = Array.from({ length: count }, (_, index) => first + index);
  return {
    help: values.help,
    runs: chosen.flatMap((one) => seeds.map((seed) => ({ ...one, seed }))),
    json: values.json,
    logs: values.logs,
    render: values.render?.split(',') ?? [],
    out: values.out,
  };
}

/** The command that repeats one run. */
export function replayCommand({
  fault,
  phase,
  seed,
}: {
  fault: string;
  phase: string;
  seed: number;
}): string {
  return `npm run faults -- --only ${fault} --phases ${phase} --seed ${seed}`;
}

function isShort(id: string, phase: Phase): boolean {
  return SHORT_SET.some(([shortId, shortPhase]) => shortId === id && shortPhase === phase);
}

function parseCount(option: string, text: string, max: number, problems: string[]): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= max) return count;
  problems.push(`${option} must be a whole number from 1 to ${max}`);
  return 0;
}

export function helpText(faults: readonly Fault[]): string {
  const list = faults.map(
    ({ id, phases, title }) => `  ${id.padEnd(5)} ${title} (${phases.join(' ')})`,
  );
  return `npm run faults -- [options]

Breaks a server and four agents, real processes all, in every way listed below, each at several moments
of a task, and judges what is on disk and what was said of it. The same seed makes the same choices.
Faults of the network need Linux, root and iproute2, full disks root: elsewhere they count as not run.

  --seed N       first seed (default 1)
  --seeds K      so many seeds, up to ${MAX_SEEDS} (default 1)
  --only A,B     faults
  --phases A,B   moments: ${Object.keys(PHASES).join(', ')}
  --short        the set that is part of npm test
  --json FILE    raw results, written after each run
  --logs FOLDER  keeps the logs of all processes of runs that failed
  --render A,B   runs nothing: writes the document from such files
  --out FILE     the document (default ${DEFAULT_OUT}); written by --render alone

${list.join('\n')}

Exit codes: 0 all survived; 1 some did not, or their moment was missed; 64 wrong command line.
`;
}
