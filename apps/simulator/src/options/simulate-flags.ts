/** What the command line says, checked, and the command that says it again. */
import {
  TRANSFER_RANGES,
  type TransferOptionError,
  type TransferOptionName,
  type TransferOptions,
} from '@gofd/p2p-sim';
import {
  parsePlainNumber,
  parseRate,
  parseShare,
  parseSize,
  RATE_EXAMPLES,
  SHARE_EXAMPLES,
  SIZE_EXAMPLES,
} from './quantities.ts';

/** As commander hands them over. */
export interface SimulateFlags {
  readonly agents: string;
  readonly size: string;
  readonly rate: string;
  readonly racks?: string;
  readonly oversubscription?: string;
  readonly slow?: string;
  readonly slowFactor?: string;
  readonly kill?: string;
  readonly latency?: string;
  readonly seed: string;
  readonly json?: true;
}

type ValueFlag = Exclude<keyof SimulateFlags, 'json'>;

interface FlagKind {
  readonly flag: string;
  readonly option: TransferOptionName;
  readonly parse: (text: string) => number | undefined;
  readonly examples: string;
}

const plain = (flag: string, option: TransferOptionName): FlagKind => ({
  flag,
  option,
  parse: parsePlainNumber,
  examples: `a number from ${TRANSFER_RANGES[option].least} to ${TRANSFER_RANGES[option].most}`,
});

/** In the order in which they are written. */
const FLAGS: Readonly<Record<ValueFlag, FlagKind>> = {
  agents: plain('--agents', 'agents'),
  size: { flag: '--size', option: 'totalBytes', parse: parseSize, examples: SIZE_EXAMPLES },
  rate: { flag: '--rate', option: 'bytesPerSecond', parse: parseRate, examples: RATE_EXAMPLES },
  racks: plain('--racks', 'racks'),
  oversubscription: plain('--oversubscription', 'oversubscription'),
  slow: { flag: '--slow', option: 'slowShare', parse: parseShare, examples: SHARE_EXAMPLES },
  slowFactor: plain('--slow-factor', 'slowFactor'),
  kill: { flag: '--kill', option: 'killShare', parse: parseShare, examples: SHARE_EXAMPLES },
  latency: plain('--latency', 'latencyMs'),
  seed: plain('--seed', 'seed'),
};
const FLAG_NAMES = Object.keys(FLAGS) as ValueFlag[];

/** Means nothing without the other. */
const NEEDS: readonly (readonly [ValueFlag, ValueFlag])[] = [
  ['oversubscription', 'racks'],
  ['slowFactor', 'slow'],
];

/** A command line that is wrong; the message names the option. */
export class UsageError extends Error {}

/** @throws UsageError for a value that cannot be read, or without what it needs */
export function toTransferOptions(flags: SimulateFlags): TransferOptions {
  for (const [name, needed] of NEEDS) {
    if (flags[name] !== undefined && flags[needed] === undefined) {
      throw new UsageError(`${FLAGS[name].flag} means nothing without ${FLAGS[needed].flag}`);
    }
  }
  const values = FLAG_NAMES.flatMap((name) => {
    const text = flags[name];
    return text === undefined ? [] : [[FLAGS[name].option, parseFlag(FLAGS[name], text)] as const];
  });
  return Object.fromEntries(values) as unknown as TransferOptions;
}

function parseFlag({ flag, parse, examples }: FlagKind, text: string): number {
  const value = parse(text);
  if (value !== undefined) return value;
  throw new UsageError(`${flag} is ${examples}, not ${JSON.stringify(text)}`);
}

/** The same in the words of the command line. */
export function usageErrorOf({ option, rule }: TransferOptionError): UsageError {
  const kind = Object.values(FLAGS).find((candidate) => candidate.option === option);
  const unit = option === 'totalBytes' ? ', in bytes' : '';
  const perSecond = option === 'bytesPerSecond' ? ', in bytes a second' : '';
  return new UsageError(`${kind?.flag ?? option} ${rule}${unit}${perSecond}`);
}

/** The command that runs the same simulation again. */
export function replayCommand(flags: SimulateFlags): string {
  const words = FLAG_NAMES.flatMap((name) => {
    const text = flags[name];
    return text === undefined ? [] : [FLAGS[name].flag, text.replaceAll(' ', '')];
  });
  return ['gofd simulate', ...words].join(' ');
}
