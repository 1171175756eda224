import { describe, expect, it } from 'vitest';
import { helpText, parseBenchOptions, type BenchOptions } from './bench-options.ts';
import { PEER_NAMES } from './peers/peer-list.ts';
import { DEFAULT_WORKLOADS, WORKLOADS } from './workloads.ts';

function parsed(...args: string[]): BenchOptions {
  const options = parseBenchOptions(args);
  if (Array.isArray(options)) throw new Error(options.join('; '));
  return options;
}

describe('parseBenchOptions', () => {
  it('measures everything that needs no disk three times unless told otherwise', () => {
    expect(parsed()).toMatchObject({
      help: false,
      workloads: DEFAULT_WORKLOADS,
      limiter: true,
      limiterSeconds: 10,
      peers: undefined,
      rounds: 3,
      out: 'docs/benchmarks.md',
      render: [],
    });
  });

  it('takes lists of workloads and peers in their order', () => {
    const options = parsed('--workload', 'cpu,3:200:16', '--peers', 'nginx,ours', '--rounds', '1');
    expect(options.workloads.map(({ name }) => name)).toEqual(['cpu', '3:200:16']);
    expect(options.peers).toEqual(['nginx', 'ours']);
    expect(options.rounds).toBe(1);
  });

  it('takes several files to render', () => {
    expect(parsed('--render', 'a.json,b.json').render).toEqual(['a.json', 'b.json']);
  });

  it('measures the limiter when it is named, or when ours is run and nothing is', () => {
    expect(parsed('--workload', 'limiter')).toMatchObject({ limiter: true, workloads: [] });
    expect(parsed('--workload', 'cpu').limiter).toBe(false);
    expect(parsed('--peers', 'nginx').limiter).toBe(false);
  });

  it('changes the size for a try, and keeps in mind what it was', () => {
    const { workloads } = parsed('--workload', 'memory,resume', '--size', '64');
    for (const workload of workloads) {
      expect(workload).toMatchObject({ sizeMiB: 64, usualSizeMiB: 10_240 });
    }
    expect(parsed('--workload', 'cpu', '--size', '512').workloads[0]?.usualSizeMiB).toBeUndefined();
  });

  it('takes workloads on disk with others only where it is told a folder', () => {
    const both = ['--workload', 'cpu,memory'];
    expect(parseBenchOptions(both)).toEqual([expect.stringContaining('run them apart')]);
    expect(parsed(...both, '--lab', '/var/tmp').workloads).toHaveLength(2);
  });

  it.each([
    [['--size', '0'], '--size'],
    [['--size', 'x'], '--size'],
    [['--seconds', '0'], '--seconds'],
    [['--seconds', '601'], '--seconds'],
    [['--workload', 'memory,limiter', '--peers', 'nginx'], 'memory, limiter can only'],
    [['--rounds', '0'], '--rounds'],
    [['--rounds', '101'], '--rounds'],
    [['--rounds', 'x'], '--rounds'],
    [['--timeout', '86401'], '--timeout'],
    [['--peers', 'ours,foo'], 'foo is not one of'],
    [['--peers', 'ours,ours'], 'twice'],
    [['--workload', 'cpu,cpu'], 'twice'],
    [['--workload', 'nope'], 'nope is no workload'],
    [['--bogus'], '--bogus'],
    [['stray'], 'stray'],
  ])('refuses %j and says why', (args, why) => {
    expect(JSON.stringify(parseBenchOptions(args))).toContain(why);
  });

  it('takes the limits themselves', () => {
    expect(parsed('--rounds', '100', '--timeout', '86400', '--seconds', '600')).toMatchObject({
      rounds: 100,
      timeoutSeconds: 86_400,
      limiterSeconds: 600,
    });
  });

  it('names every mistake at once', () => {
    expect(parseBenchOptions(['--rounds', '0', '--peers', 'foo'])).toHaveLength(2);
  });
});

describe('helpText', () => {
  it('names every option, workload and peer, in lines that fit a terminal', () => {
    const text = helpText();
    const options = [
      'workload',
      'peers',
      'rounds',
      'size',
      'seconds',
      'timeout',
      'lab',
      'dist',
      'out',
      'json',
      'render',
    ];
    const names = [...WORKLOADS.map(({ name }) => name), 'limiter', ...PEER_NAMES];
    for (const word of [...options.map((name) => `--${name}`), ...names]) {
      expect(text).toContain(word);
    }
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110);
  });
});
