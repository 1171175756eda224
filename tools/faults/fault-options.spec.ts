import { describe, expect, it } from 'vitest';
import { MAX_SEEDS, helpText, parseFaultOptions, replayCommand } from './fault-options.ts';
import { FAULTS, SHORT_SET } from './faults/fault-list.ts';

function runsOf(...args: string[]): string[] {
  const options = parseFaultOptions(args, FAULTS);
  if (Array.isArray(options)) throw new Error(options.join('; '));
  return options.runs.map(({ fault, phase, seed }) => `${fault.id} ${phase} ${seed}`);
}

describe('parseFaultOptions', () => {
  it('runs every fault in each of its phases with seed 1 unless told otherwise', () => {
    const all = FAULTS.flatMap(({ id, phases }) => phases.map((phase) => `${id} ${phase} 1`));
    expect(runsOf()).toEqual(all);
  });

  it('chooses faults, phases and seeds', () => {
    const args = ['--only', 'F03,F17', '--phases', 'P5', '--seed', '7', '--seeds', '2'];
    expect(runsOf(...args)).toEqual(['F03 P5 7', 'F03 P5 8', 'F17 P5 7', 'F17 P5 8']);
  });

  it('has a short set, all of it runnable', () => {
    expect(runsOf('--short')).toHaveLength(SHORT_SET.length);
  });

  it('understands the command that it prints for a replay', () => {
    const command = replayCommand({ fault: 'F01', phase: 'P2', seed: 42 });
    const args = command.split(' -- ')[1]?.split(' ') ?? [];
    expect(runsOf(...args)).toEqual(['F01 P2 42']);
  });

  it.each([
    [['--seed', '0'], '--seed must be a whole number from 1 to 2147483647'],
    [['--seed', '1.5'], '--seed must be a whole number from 1 to 2147483647'],
    [['--seeds', `${MAX_SEEDS + 1}`], '--seeds must be a whole number from 1 to 1000'],
    [['--only', 'F99'], '--only: there is no fault F99'],
    [['--phases', 'P0'], '--phases: there is no phase P0'],
    [['--only', 'F04', '--phases', 'P9'], 'nothing is left to run'],
  ])('refuses %j with one sentence', (args, problem) => {
    expect(parseFaultOptions(args, FAULTS)).toEqual([problem]);
  });

  it('takes the largest number of seeds', () => {
    const args = ['--only', 'F36', '--seeds', `${MAX_SEEDS}`];
    expect(runsOf(...args)).toHaveLength(MAX_SEEDS);
  });
});

describe('the list of faults', () => {
  it('has no id twice, and help explains each', () => {
    const ids = FAULTS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(helpText(FAULTS)).toContain(id);
  });
});
