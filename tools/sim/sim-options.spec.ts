import { describe, expect, it } from 'vitest';
import { parseSimOptions } from './sim-options.ts';

describe('the command line of the simulator', () => {
  it('runs a thousand seeds of every mode and shape when it is asked for nothing', () => {
    expect(parseSimOptions([])).toEqual({
      help: false,
      from: 1,
      seedCount: 1_000,
      modes: ['safety', 'liveness', 'survival'],
      shapes: ['chain', 'mesh'],
      seconds: undefined,
      out: 'dist/sim.json',
      goOn: false,
    });
  });

  it('runs one seed in one mode and shape, as a finding prints it', () => {
    const args = ['--seed', '54', '--mode', 'liveness', '--shape', 'mesh'];
    expect(parseSimOptions(args)).toMatchObject({
      from: 54,
      seedCount: 1,
      modes: ['liveness'],
      shapes: ['mesh'],
    });
  });

  it.each([
    [['--seeds', '0'], '--seeds must be an integer from 1 to 2147483647, not "0"'],
    [['--seeds', '1e3'], '--seeds must be an integer from 1 to 2147483647, not "1e3"'],
    [['--from', '2147483647', '--seeds', '2'], '--seeds must be an integer from 1 to 1, not "2"'],
    [['--seconds', '0'], '--seconds must be an integer from 1 to 86400, not "0"'],
    [['--mode', 'hope'], '--mode must be safety or liveness or survival, not "hope"'],
    [['--shape', 'star'], '--shape must be chain or mesh, not "star"'],
    [['--seed', '1', '--from', '2'], '--seed is one seed; --seeds and --from are several'],
  ])('refuses %j', (args, message) => {
    expect(() => parseSimOptions(args)).toThrow(message);
  });

  it('refuses what it does not know', () => {
    expect(() => parseSimOptions(['--speed', '9'])).toThrow('--speed');
  });
});
