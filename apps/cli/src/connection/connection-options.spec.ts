import { describe, expect, it } from 'vitest';
import { repeatedFlags } from './connection-options.ts';

describe('repeatedFlags', () => {
  it('repeats what the next command needs, never the password', () => {
    const flags = {
      server: '10.0.0.1',
      user: 'ann:secret',
      ca: '/a b.pem',
      insecure: true,
      json: true,
    };
    expect(repeatedFlags(flags, {})).toBe(
      " --server 10.0.0.1 --user ann --ca '/a b.pem' --insecure",
    );
  });

  it.each([
    ['the default', '127.0.0.1:45000', {}],
    ['what GOFD_SERVER says', 'http://files', { GOFD_SERVER: 'http://files' }],
  ])('leaves out a server that is %s', (_title, server, env) => {
    expect(repeatedFlags({ server }, env)).toBe('');
  });
});
