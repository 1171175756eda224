/** The command line of the benchmark: what may be asked for, what is wrong with it, and its help. Pure. */
import { parseArgs } from 'node:util';
import { PEER_NAMES, type PeerName } from './peers/peer-list.ts';
import { describeWorkload, parseWorkload, WORKLOADS, type Workload } from './workloads.ts';

export interface BenchOptions {
  readonly help: boolean;
  readonly workloads: readonly Workload[];
  /** Undefined: every peer that is installed. */
  readonly peers: readonly PeerName[] | undefined;
  readonly rounds: number;
  /** Undefined: memory when there is room, else the folder for temporary files. */
  readonly lab: string | undefined;
  /** The document; `-` is standard output. */
  readonly out: string;
  readonly json: string | undefined;
  /** Files of raw values to write the document from, instead of measuring. */
  readonly render: readonly string[];
  /** Undefined: the build of this repository. */
  readonly dist: string | undefined;
  readonly timeoutSeconds: number;
}

export const STANDARD_OUTPUT = '-';
const DEFAULT_ROUNDS = 3;
const MAX_ROUNDS = 100;
const DEFAULT_TIMEOUT_SECONDS = 300;
const MAX_TIMEOUT_SECONDS = 24 * 3600;
const DEFAULT_OUT = 'docs/benchmarks.md';

const ARGUMENTS = {
  workload: { type: 'string' },
  peers: { type: 'string' },
  rounds: { type: 'string' },
  lab: { type: 'string' },
  out: { type: 'string' },
  json: { type: 'string' },
  render: { type: 'string' },
  dist: { type: 'string' },
  timeout: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** @returns the options, or one sentence per mistake */
export function parseBenchOptions(args: readonly string[]): BenchOptions | string[] {
  let values;
  try {
    ({ values } = parseArgs({ args: [...args], options: ARGUMENTS }));
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
  const problems: string[] = [];
  const options: BenchOptions = {
    help: values.help === true,
    workloads: parseWorkloads(values.workload, problems),
    peers: parsePeers(values.peers, problems),
    rounds: parseCount('--rounds', values.rounds ?? DEFAULT_ROUNDS, MAX_ROUNDS, problems),
    lab: values.lab,
    out: values.out ?? DEFAULT_OUT,
    json: values.json,
    render: values.render === undefined ? [] : values.render.split(','),
    dist: values.dist,
    timeoutSeconds: parseCount(
      '--timeout',
      values.timeout ?? DEFAULT_TIMEOUT_SECONDS,
      MAX_TIMEOUT_SECONDS,
      problems,
    ),
  };
  return problems.length === 0 ? options : problems;
}

function parseWorkloads(text: string | undefined, problems: string[]): Workload[] {
  if (text === undefined) return [...WORKLOADS];
  const names = withoutTwice('--workload', text.split(','), problems);
  return names.flatMap((name) => {
    const parsed = parseWorkload(name);
    if (typeof parsed !== 'string') return [parsed];
    problems.push(`--workload: ${parsed}`);
    return [];
  });
}

function parsePeers(text: string | undefined, problems: string[]): PeerName[] | undefined {
  if (text === undefined) return undefined;
  const names = withoutTwice('--peers', text.split(','), problems);
  const strangers = names.filter((name) => !isPeerName(name));
  if (strangers.length > 0) {
    problems.push(`--peers: ${strangers.join(', ')} is not one of ${PEER_NAMES.join(', ')}`);
  }
  return names.filter(isPeerName);
}

function isPeerName(name: string): name is PeerName {
  return (PEER_NAMES as readonly string[]).includes(name);
}

function withoutTwice(option: string, names: readonly string[], problems: string[]): string[] {
  const unique = [...new Set(names)];
  if (unique.length !== names.length) problems.push(`${option} names something twice`);
  return unique;
}

function parseCount(
  option: string,
  value: string | number,
  max: number,
  problems: string[],
): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1 || count > max) {
    problems.push(`${option} must be a whole number from 1 to ${max}`);
  }
  return count;
}

export function helpText(): string {
  const workloads = WORKLOADS.map(
    (workload) => `  ${workload.name.padEnd(7)} ${describeWorkload(workload)}`,
  );
  return `npm run bench -- [options]

Moves one random file from a source to many hosts, by ours and by every other peer that is installed,
side by side on this machine, checks every copy, and writes the figures to ${DEFAULT_OUT}.
Every host is a network namespace with a link of its own; nothing leaves them. Needs Linux, root,
iproute2 (ip, tc), and room for one file per host. Keep the machine otherwise idle.

  --workload A,B   what to move to whom; default: all of these
${workloads.map((line) => `                 ${line}`).join('\n')}
                   or your own, hosts:Mbit:MiB[:slow=host@Mbit][:kill=host@s], 0 Mbit = unshaped:
                   --workload 3:200:16:slow=2@20
  --peers A,B      of ${PEER_NAMES.join(', ')}; default: all that are installed
  --rounds N       how often; the peers take turns within a round (default ${DEFAULT_ROUNDS})
  --timeout S      seconds until a run is given up (default ${DEFAULT_TIMEOUT_SECONDS})
  --lab FOLDER     where the files lie; default: /dev/shm when there is room, else the temporary folder
  --dist FOLDER    services to measure, as built into dist/apps; default: those of this repository
  --out FILE       document; only what stands between its two bench markers is replaced
                   (default ${DEFAULT_OUT}; - prints it)
  --json FILE      raw values of every run, written after each
  --render A,B     measures nothing: writes the document from such files

Examples
  npm run bench -- --workload 3:200:16 --peers ours,nginx --rounds 1 --out -
  npm run bench -- --workload cpu,8x200 --peers ours,nginx,aria2 --json cpu.json
  npm run bench -- --render cpu.json,small.json

Exit codes: 0 all copies right; 1 a run failed or a copy was wrong; 64 wrong command line;
69 something it needs is not there; 130 interrupted (everything is cleaned up).
`;
}
