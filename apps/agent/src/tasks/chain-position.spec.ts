import { describe, expect, it } from 'vitest';
import { MAX_UPSTREAM_AGENTS, ownDataAddresses, upstreamsInChain } from './chain-position.ts';

describe('ownDataAddresses', () => {
  it.each([
    ['an address', '10.0.0.1', '10.0.0.1:45011'],
    ['an address with a management port', '10.0.0.1:45010', '10.0.0.1:45011'],
    ['a name in capitals', 'Web-1.Example', 'web-1.example:45011'],
    ['IPv6 in brackets', '[FD00::1]:45010', '[fd00::1]:45011'],
    ['IPv6 without brackets, as net.ip has it', 'FD00::1', '[fd00::1]:45011'],
  ])('%s has the data port', (_what, name, address) => {
    expect(ownDataAddresses(45_011, [name])).toEqual([address]);
  });

  it('passes over a name that the task did not give', () => {
    expect(ownDataAddresses(1, [undefined, 'a', 'b'])).toEqual(['a:1', 'b:1']);
  });
});

describe('upstreamsInChain', () => {
  const chain = ['server:1', 'a:2', 'b:2', 'c:2'];

  it('is the server alone for the first agent', () => {
    expect(upstreamsInChain(chain, ['a:2'])).toEqual(['server:1']);
  });

  it('is the agents before it, nearest first, and the server at the end', () => {
    expect(upstreamsInChain(chain, ['c:2'])).toEqual(['b:2', 'a:2', 'server:1']);
  });

  it('finds this host by any of its addresses, whatever the case', () => {
    expect(upstreamsInChain(['server:1', 'A:2', 'WEB:2'], ['x:2', 'web:2'])).toEqual([
      'A:2',
      'server:1',
    ]);
  });

  it('is the server alone for a host that the chain does not name', () => {
    expect(upstreamsInChain(chain, ['elsewhere:2'])).toEqual(['server:1']);
    expect(upstreamsInChain(['server:1'], ['a:2'])).toEqual(['server:1']);
  });

  it('does not take the address of the server for its own place', () => {
    expect(upstreamsInChain(['a:2', 'b:2', 'a:2'], ['a:2'])).toEqual(['b:2', 'a:2']);
  });

  it('holds the nearest agents only, and still the server', () => {
    const agents = Array.from({ length: MAX_UPSTREAM_AGENTS + 3 }, (_, index) => `a${index}:2`);
    const upstreams = upstreamsInChain(['server:1', ...agents], [agents.at(-1) ?? '']);
    expect(upstreams).toHaveLength(MAX_UPSTREAM_AGENTS + 1);
    expect([upstreams[0], upstreams.at(-2), upstreams.at(-1)]).toEqual([
      `a${MAX_UPSTREAM_AGENTS + 1}:2`,
      'a2:2',
      'server:1',
    ]);
  });

  it('is empty without a chain', () => {
    expect(upstreamsInChain([], ['a:2'])).toEqual([]);
  });
});
