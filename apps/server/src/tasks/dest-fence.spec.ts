import { describe, expect, it } from 'vitest';
import { parseHostEntry, type HostEntry } from '@gofd/task-model';
import { DestFence, MAX_DEST_NETWORKS, networksProblem } from './dest-fence.ts';

const fence = new DestFence(['10.1.0.0/16', '192.168.7.9', 'fd00:1::/32']);
const NOT_INSIDE = 'is in none of the networks of `control.destNetworks`';

describe('hosts that a task may name', () => {
  it.each(['10.1.0.1', '10.1.255.254:4545', '192.168.7.9', '[fd00:1:2::3]'])(
    '%s is inside',
    (host) => {
      expect(fence.problemOf(parseHostEntry(host) as HostEntry)).toBeUndefined();
    },
  );

  it.each(['10.2.0.1', '127.0.0.1', '169.254.169.254', '192.168.7.10', '[::1]', '[fd00:2::1]'])(
    '%s is outside',
    (host) => {
      expect(fence.problemOf(parseHostEntry(host) as HostEntry)).toBe(NOT_INSIDE);
    },
  );

  it('a name is refused, whatever it stands for', () => {
    expect(fence.problemOf(parseHostEntry('web-1.example') as HostEntry)).toContain('is a name');
  });
});

describe('the list of networks', () => {
  it.each([[['10.0.0.0/8']], [['0.0.0.0/0', '::/0']], [['127.0.0.1', '::1']]])(
    '%j is one',
    (value) => {
      expect(networksProblem(value)).toBeUndefined();
    },
  );

  it.each([
    [undefined, 'must be a list'],
    ['10.0.0.0/8', 'must be a list'],
    [[], 'must not be empty'],
    [Array(MAX_DEST_NETWORKS + 1).fill('10.0.0.1'), `at most ${MAX_DEST_NETWORKS} entries`],
    [['10.0.0.0/8', '10.0.0.0/33'], 'entry 2 must be a network'],
    [['10.0.0/8'], 'entry 1 must be a network'],
    [['fd00::/129'], 'entry 1 must be a network'],
    [['10.0.0.0/08'], 'entry 1 must be a network'],
    [['10.0.0.0/'], 'entry 1 must be a network'],
    [['10.0.0.0/8/8'], 'entry 1 must be a network'],
    [['fe80::1%eth0/64'], 'entry 1 must be a network'],
    [['intranet'], 'entry 1 must be a network'],
    [[7], 'entry 1 must be a network'],
  ])('%j is none', (value, problem) => {
    expect(networksProblem(value)).toContain(problem);
  });

  it('that is wrong makes no fence', () => {
    expect(() => new DestFence(['intranet'])).toThrow(RangeError);
  });
});
