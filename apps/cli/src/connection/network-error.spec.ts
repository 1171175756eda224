import { describe, expect, it } from 'vitest';
import { errorFromCall } from './network-error.ts';

function systemError(code: string, message = code): Error {
  return Object.assign(new Error(message), { code });
}

describe('errorFromCall', () => {
  it('says in words what the system says in a code', () => {
    expect(errorFromCall(systemError('ECONNREFUSED'), 'http://a')).toMatchObject({
      outcome: 'unreachable',
      message: 'http://a refused the connection',
      options: { code: 'ECONNREFUSED', hint: expect.stringContaining('--server') },
    });
  });

  it('looks through wrappers and lists of tried addresses', () => {
    const tried = new AggregateError([systemError('ENETUNREACH')]);
    const wrapped = new Error('wrapped', { cause: tried });
    expect(errorFromCall(wrapped, 'http://a').options.code).toBe('ENETUNREACH');
  });

  it('hints at --ca for a certificate that nobody vouches for', () => {
    const error = errorFromCall(
      systemError('DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed'),
      'https://a',
    );
    expect(error.message).toBe('https://a: self-signed');
    expect(error.options.hint).toContain('--ca');
  });
});
