import { simulateTransfer, TransferOptionError } from '@gofd/p2p-sim';
import { describe, expect, it } from 'vitest';
import {
  replayCommand,
  toTransferOptions,
  UsageError,
  usageErrorOf,
  type SimulateFlags,
} from './simulate-flags.ts';

const FLAGS: SimulateFlags = { agents: '10', size: '1MiB', rate: '1Gbit', seed: '1' };
const ALL: SimulateFlags = {
  agents: '1000',
  size: '4 GiB',
  rate: '10Gbit',
  racks: '40',
  oversubscription: '4',
  slow: '5%',
  slowFactor: '8',
  kill: '0.01',
  latency: '0.5',
  seed: '7',
};

function refusalOf(changed: Partial<SimulateFlags>): string {
  try {
    simulateTransfer(toTransferOptions({ ...FLAGS, ...changed }));
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    if (error instanceof TransferOptionError) return usageErrorOf(error).message;
    throw error;
  }
  return 'nothing';
}

describe('the flags of a simulation', () => {
  it('become the options of the simulator, each in its unit', () => {
    expect(toTransferOptions(ALL)).toEqual({
      agents: 1000,
      totalBytes: 4 * 2 ** 30,
      bytesPerSecond: 1.25e9,
      racks: 40,
      oversubscription: 4,
      slowShare: 0.05,
      slowFactor: 8,
      killShare: 0.01,
      latencyMs: 0.5,
      seed: 7,
    });
  });

  it('leave to the simulator what is not said', () => {
    expect(Object.keys(toTransferOptions(FLAGS)).toSorted()).toEqual([
      'agents',
      'bytesPerSecond',
      'seed',
      'totalBytes',
    ]);
  });

  it('come back as the command that says the same', () => {
    expect(replayCommand(ALL)).toBe(
      'gofd simulate --agents 1000 --size 4GiB --rate 10Gbit --racks 40 --oversubscription 4' +
        ' --slow 5% --slow-factor 8 --kill 0.01 --latency 0.5 --seed 7',
    );
  });

  it.each<[Partial<SimulateFlags>, string]>([
    [{ agents: 'many' }, '--agents is a number from 1 to 16384, not "many"'],
    [{ agents: '16385' }, '--agents must be a whole number from 1 to 16384'],
    [{ agents: '1.5' }, '--agents must be a whole number from 1 to 16384'],
    [{ size: '4 gigs' }, '--size is 4GiB, 256MiB or 1.5GB, not "4 gigs"'],
    [{ size: '0' }, '--size must be a whole number from 1 to 70368744177664, in bytes'],
    [{ size: '64TiB', agents: '16384' }, '--size must be at most 1099511627776 with 16384 agents'],
    [{ rate: '10' }, '--rate is 10Gbit, 200Mbit or 100MiB/s, not "10"'],
    [{ rate: '1bit' }, '--rate must be a number from 1000 to 1000000000000, in bytes a second'],
    [{ racks: '11' }, '--racks must not be more than the agents, 10'],
    [{ racks: '2', oversubscription: '0.5' }, '--oversubscription must be a number from 1 to 1000'],
    [{ oversubscription: '4' }, '--oversubscription means nothing without --racks'],
    [{ slow: '101%' }, '--slow must be a number from 0 to 1'],
    [{ slow: 'some' }, '--slow is 5% or 0.05, not "some"'],
    [{ slow: '5%', slowFactor: '0' }, '--slow-factor must be a number from 1 to 1000'],
    [{ slowFactor: '4' }, '--slow-factor means nothing without --slow'],
    [{ kill: '2' }, '--kill must be a number from 0 to 1'],
    [{ latency: '10001' }, '--latency must be a number from 0 to 10000'],
    [{ seed: '-1' }, '--seed is a number from 0 to 4294967295, not "-1"'],
    [{ seed: '4294967296' }, '--seed must be a whole number from 0 to 4294967295'],
  ])('%j is refused by the name of the option', (changed, message) => {
    expect(refusalOf(changed)).toContain(message);
  });
});
