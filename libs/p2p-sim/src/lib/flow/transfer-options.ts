/** What a simulated transfer is asked for. */
export interface TransferOptions {
  /** 1 to MAX_SIMULATED_AGENTS. */
  readonly agents: number;
  /** Pieces of all agents together: at most MAX_SIMULATED_PIECES. */
  readonly totalBytes: number;
  /** Rate of each host's link in each direction, the server's too. */
  readonly bytesPerSecond: number;
  /** Racks that the agents stand in, in turn; the server stands outside. @default no borders */
  readonly racks?: number;
  /** Rate of all links of a rack over that of the rack's own link. @default 1 */
  readonly oversubscription?: number;
  /** Share of the agents whose link is slower. @default 0 */
  readonly slowShare?: number;
  /** How many times slower their link is. @default 4 */
  readonly slowFactor?: number;
  /** Share of the agents that are killed, each at a random time within the bound. @default 0 */
  readonly killShare?: number;
  /** One way between any two hosts. @default 0.1 */
  readonly latencyMs?: number;
  readonly seed: number;
  /** Bytes of a piece. @default what the server would choose */
  readonly pieceBytes?: number;
  /** Told now and then. */
  readonly onProgress?: (progress: TransferProgress) => void;
}

export interface TransferProgress {
  readonly simulatedMs: number;
  readonly storedPieces: number;
  /** Of all agents together. */
  readonly totalPieces: number;
  readonly eventCount: number;
}

/** The server keeps a connection to each agent, and has no place for more. */
export const MAX_SIMULATED_AGENTS = 16_384;

/** Pieces that all agents together receive; each takes some events and so some microseconds. */
export const MAX_SIMULATED_PIECES = 2 ** 28;

/** What an option may be, and the words for it. */
interface Range {
  readonly least: number;
  readonly most: number;
  readonly isWhole?: true;
}

/** Ranges in which a simulation means something. `racks` and the pieces have rules of their own. */
export const TRANSFER_RANGES = {
  agents: { least: 1, most: MAX_SIMULATED_AGENTS, isWhole: true },
  totalBytes: { least: 1, most: 2 ** 46, isWhole: true },
  bytesPerSecond: { least: 1_000, most: 1e12 },
  racks: { least: 0, most: MAX_SIMULATED_AGENTS, isWhole: true },
  oversubscription: { least: 1, most: 1_000 },
  slowShare: { least: 0, most: 1 },
  slowFactor: { least: 1, most: 1_000 },
  killShare: { least: 0, most: 1 },
  latencyMs: { least: 0, most: 10_000 },
  seed: { least: 0, most: 2 ** 32 - 1, isWhole: true },
  pieceBytes: { least: 1, most: 2 ** 26, isWhole: true },
} as const satisfies Readonly<Record<string, Range>>;

export type TransferOptionName = keyof typeof TRANSFER_RANGES;

/** An option that is out of range; the message says what it may be. */
export class TransferOptionError extends RangeError {
  readonly option: TransferOptionName;
  /** What it must be, without its name. */
  readonly rule: string;

  constructor(option: TransferOptionName, rule: string) {
    super(`${option} ${rule}`);
    this.name = 'TransferOptionError';
    this.option = option;
    this.rule = rule;
  }
}

/** @throws TransferOptionError for the first option that is out of its range */
export function checkTransferOptions(options: TransferOptions): void {
  for (const name of Object.keys(TRANSFER_RANGES) as TransferOptionName[]) {
    const value = options[name];
    if (value !== undefined) checkRange(name, value);
  }
  const { agents, racks = 0 } = options;
  if (racks > agents) {
    throw new TransferOptionError('racks', `must not be more than the agents, ${agents}`);
  }
}

function checkRange(name: TransferOptionName, value: number): void {
  const { least, most, isWhole }: Range = TRANSFER_RANGES[name];
  if (value >= least && value <= most && (!isWhole || Number.isInteger(value))) return;
  const kind = isWhole ? 'a whole number' : 'a number';
  throw new TransferOptionError(name, `must be ${kind} from ${least} to ${most}`);
}
