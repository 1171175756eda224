import { describe, expect, it } from 'vitest';
import { MEASUREMENTS, parseLoadOptions } from './load-options.ts';

describe('parseLoadOptions', () => {
  it('measures everything at 5,000 reports a second for a minute unless told otherwise', () => {
    expect(parseLoadOptions([])).toEqual({
      help: false,
      measurements: MEASUREMENTS,
      reportsPerSecond: 5_000,
      seconds: 60,
    });
    const told = parseLoadOptions(['list', 'queue', '--rate', '10', '--seconds=3']);
    expect(told).toMatchObject({
      measurements: ['list', 'queue'],
      reportsPerSecond: 10,
      seconds: 3,
    });
  });

  it.each([
    [['disk'], 'there is no disk: choose of reports, queue, list'],
    [['--rate', '0'], '--rate must be a number from 1 to 100000'],
    [['--seconds', '1.5'], '--seconds must be a number from 1 to 3600'],
  ])('refuses %j', (args, message) => {
    expect(() => parseLoadOptions(args)).toThrow(message);
  });
});
