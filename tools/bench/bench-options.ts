/** The command line of the benchmark: what may be asked for, what is wrong with it, and its help. Pure. */
import { parseArgs } from 'node:util';
import { LIMITER_SECONDS } from './limiter/limiter-case.ts';
import { PEER_NAMES, type PeerName } from './peers/peer-list.ts';
import {
  DEFAULT_WORKLOADS,
  describeWorkload,
  isSize,
  parseWorkload,
  SIZE_RANGE,
  withSize,
  WORKLOADS,
  type Workload,
} from './workloads.ts';

export interface BenchOptions {
  readonly help: boolean;
  readonly workloads: readonly Workload[];
  /** Whether the upload limit is measured. */
  readonly limiter: boolean;
  /** For how long, each time. */
  readonly limiterSeconds: number;
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
const MAX_LIMITER_SECONDS = 600;
/** It moves no file, so it is no row of the table of workloads; it is named like one. */
const LIMITER = 'limiter';
const LIMITER_TEXT =
  'what the upload limit lets through: 10 MB/s to 1 GB/s, 1 and 8 peers, by ours';
const DEFAULT_OUT = 'docs/benchmarks.md';

const ARGUMENTS = {
  workload: { type: 'string' },
  peers: { type: 'string' },
  rounds: { type: 'string' },
  size: { type: 'string' },
  seconds: { type: 'string' },
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
  const names = withoutTwice('--workload', values.workload?.split(','), problems);
  const peers = parsePeers(values.peers, problems);
  const options: BenchOptions = {
    help: values.help === true,
    workloads: parseWorkloads(names, values.size, problems),
    limiter: names?.includes(LIMITER) ?? isOursAmong(peers),
    limiterSeconds: parseCount(
      '--seconds',
      values.seconds ?? LIMITER_SECONDS,
      MAX_LIMITER_SECONDS,
      problems,
    ),
    peers,
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
  problems.push(...findContradictions(options, names !== undefined));
  return problems.length === 0 ? options : problems;
}

function parseWorkloads(
  names: readonly string[] | undefined,
  size: string | undefined,
  problems: string[],
): Workload[] {
  const sizeMiB = size === undefined ? undefined : Number(size);
  if (sizeMiB !== undefined && !isSize(sizeMiB)) problems.push(`--size must be ${SIZE_RANGE}`);
  const workloads = names?.flatMap((name) => parseOne(name, problems)) ?? DEFAULT_WORKLOADS;
  return workloads.map((one) => (sizeMiB === undefined ? one : withSize(one, sizeMiB)));
}

function parseOne(name: string, problems: string[]): Workload[] {
  if (name === LIMITER) return [];
  const parsed = parseWorkload(name);
  if (typeof parsed !== 'string') return [parsed];
  problems.push(`--workload: ${parsed}`);
  return [];
}

/** What cannot be measured together, or not by those who were chosen. */
function findContradictions(options: BenchOptions, isNamed: boolean): string[] {
  const { workloads, limiter, peers, lab } = options;
  const onDisk = namesOf(workloads.filter(({ needsDisk }) => needsDisk));
  const elsewhere = namesOf(workloads.filter(({ needsDisk }) => !needsDisk));
  const oursOnly = namesOf(workloads.filter(({ isOursOnly }) => isOursOnly));
  if (limiter) oursOnly.push(LIMITER);
  const isMixed = onDisk.length > 0 && elsewhere.length > 0 && lab === undefined;
  const isWithoutOurs = isNamed && oursOnly.length > 0 && !isOursAmong(peers);
  return [
    ...(isMixed
      ? [
          `--workload: ${onDisk.join(', ')} on a disk, but not ${elsewhere.join(', ')}: run them apart`,
        ]
      : []),
    ...(isWithoutOurs ? [`--peers: ${oursOnly.join(', ')} can only be measured with ours`] : []),
  ];
}

function namesOf(workloads: readonly Workload[]): string[] {
  return workloads.map(({ name }) => name);
}

function isOursAmong(peers: readonly PeerName[] | undefined): boolean {
  return peers?.includes('ours') ?? true;
}

function parsePeers(text: string | undefined, problems: string[]): PeerName[] | undefined {
  const names = withoutTwice('--peers', text?.split(','), problems);
  if (names === undefined) return undefined;
  const strangers = names.filter((name) => !isPeerName(name));
  if (strangers.length > 0) {
    problems.push(`--peers: ${strangers.join(', ')} is not one of ${PEER_NAMES.join(', ')}`);
  }
  return names.filter(isPeerName);
}

function isPeerName(name: string): name is PeerName {
  return (PEER_NAMES as readonly string[]).includes(name);
}

function withoutTwice(
  option: string,
  names: readonly string[] | undefined,
  problems: string[],
): string[] | undefined {
  if (names === undefined) return undefined;
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
    (workload) => `${workload.name.padEnd(10)} ${describeWorkload(workload)}`,
  );
  const all = [...workloads, `${LIMITER.padEnd(10)} ${LIMITER_TEXT}`];
  return `npm run bench -- [options]

Moves one random file from a source to many hosts, by ours and by every other peer that is installed,
side by side on this machine, checks every copy, and writes the figures to ${DEFAULT_OUT}.
Every host is a network namespace with a link of its own; nothing leaves them. Needs Linux, root,
iproute2 (ip, tc), and room for one file per host. Keep the machine otherwise idle.

  --workload A,B   what to move to whom; default: all of these but those on disk
${all.map((line) => `                   ${line}`).join('\n')}
                   or your own, hosts:Mbit:MiB[:slow=host@Mbit][:kill=host@s], 0 Mbit = unshaped:
                   --workload 3:200:16:slow=2@20
  --peers A,B      of ${PEER_NAMES.join(', ')}; default: all that are installed
  --rounds N       how often; the peers take turns within a round (default ${DEFAULT_ROUNDS})
  --size MiB       another size, for a try: marked, and its goals are not judged
  --seconds S      how long limiter measures each time (default ${LIMITER_SECONDS}); others are marked as tries
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
  npm run bench -- --workload memory,resume --lab /var/tmp --timeout 1800 --json large.json
  npm run bench -- --render cpu.json,small.json

Exit codes: 0 all copies right; 1 a run failed or a copy was wrong; 64 wrong command line;
69 something it needs is not there; 130 interrupted (everything is cleaned up).
`;
}
