import { describe, expect, it } from 'vitest';
import { connectionFailure, refusalFailure } from './agent-failure.ts';

const ADDRESS = '10.0.0.1:45010';

describe('a failed call to an agent', () => {
  it.each([
    ['ECONNREFUSED', 'AGENT_UNREACHABLE'],
    ['ETIMEDOUT', 'AGENT_UNREACHABLE'],
    ['ENOTFOUND', 'AGENT_UNREACHABLE'],
    ['EHOSTUNREACH', 'AGENT_UNREACHABLE'],
    ['EWHATEVER', 'AGENT_UNREACHABLE'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'AGENT_TLS_REFUSED'],
    ['CERT_HAS_EXPIRED', 'AGENT_TLS_REFUSED'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'AGENT_TLS_REFUSED'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'AGENT_TLS_REFUSED'],
  ])('with %s is %s; the sentence has address and cause', (errno, code) => {
    const failure = connectionFailure(ADDRESS, errno);
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(ADDRESS);
    expect(failure.message).toContain(errno);
  });

  it('that the agent refused keeps its code and sentence', () => {
    const body = { statusCode: 409, code: 'DEST_BUSY', message: '"a" is being written' };
    expect(refusalFailure(ADDRESS, 409, body)).toEqual({
      code: 'DEST_BUSY',
      message: `agent ${ADDRESS}: "a" is being written`,
    });
  });

  it.each([undefined, null, '', 'text', 7, {}, { code: 5, message: 'x' }, { code: 'X' }])(
    'with the body %j has a code and a sentence all the same',
    (body) => {
      const failure = refusalFailure(ADDRESS, 400, body);
      expect(failure.code).toBe('AGENT_REFUSED');
      expect(failure.message).toContain('400');
    },
  );

  it('with 401 is about the password, whatever the body', () => {
    expect(refusalFailure(ADDRESS, 401, { code: 'UNAUTHORIZED', message: '' }).code).toBe(
      'AGENT_AUTH_REFUSED',
    );
  });
});
