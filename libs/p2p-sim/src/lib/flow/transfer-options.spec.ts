import { describe, expect, it } from 'vitest';
import { simulateTransfer } from './simulate-transfer.ts';
import {
  checkTransferOptions,
  MAX_SIMULATED_AGENTS,
  TRANSFER_RANGES,
  TransferOptionError,
  type TransferOptionName,
  type TransferOptions,
} from './transfer-options.ts';

const MIB = 2 ** 20;
const FINE: TransferOptions = {
  agents: MAX_SIMULATED_AGENTS,
  totalBytes: MIB,
  bytesPerSecond: 1e9,
  seed: 1,
};
const NAMES = Object.keys(TRANSFER_RANGES) as TransferOptionName[];

function errorFor(changed: Partial<TransferOptions>): unknown {
  try {
    checkTransferOptions({ ...FINE, ...changed });
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('options of a simulated transfer', () => {
  it.each(NAMES)('%s may be its least and its most', (name) => {
    const { least, most } = TRANSFER_RANGES[name];
    expect(errorFor({ [name]: least })).toBeUndefined();
    expect(errorFor({ [name]: most })).toBeUndefined();
  });

  it.each(NAMES)('%s is refused by name beyond them, and when it is no number', (name) => {
    const { least, most } = TRANSFER_RANGES[name];
    for (const value of [least - 0.001, most + 0.001 * most, NaN, Infinity]) {
      const error = errorFor({ [name]: value });
      expect(error, `${value}`).toBeInstanceOf(RangeError);
      expect(error, `${value}`).toMatchObject({
        option: name,
        message: expect.stringMatching(`^${name} must be`),
      });
    }
  });

  it.each(['agents', 'totalBytes', 'racks', 'seed', 'pieceBytes'] as const)(
    'half of %s is refused',
    (name) => {
      expect(errorFor({ [name]: 1.5 })).toMatchObject({ option: name });
    },
  );

  it('more racks than agents are refused', () => {
    expect(errorFor({ agents: 4, racks: 4 })).toBeUndefined();
    expect(errorFor({ agents: 4, racks: 5 })).toMatchObject({
      message: 'racks must not be more than the agents, 4',
    });
  });

  it('more pieces than a simulation can take are refused before it begins', () => {
    const large = { ...FINE, totalBytes: 2 ** 40, pieceBytes: MIB };
    expect(() => simulateTransfer(large)).toThrow(TransferOptionError);
    expect(() => simulateTransfer(large)).toThrow(
      'totalBytes must be at most 17179869184 with 16384 agents',
    );
  });
});
