import { HeaderReader, type PeerHeader } from '@gofd/p2p-protocol';
import { describe, expect, it } from 'vitest';
import { V1Handshake } from './v1-handshake.ts';

function headerOf(handshake: V1Handshake, taskId = 't1'): PeerHeader {
  const result = new HeaderReader().push(handshake.headerFor(taskId) ?? new Uint8Array());
  if (result.state !== 'complete') throw new Error(`the header is ${result.state}`);
  return result.header;
}

describe('V1Handshake', () => {
  const ours = new V1Handshake({ username: 'gofd', password: 'secret' });

  it('accepts whoever has the same user name and password, for any task', async () => {
    const theirs = new V1Handshake({ username: 'gofd', password: 'secret' });
    expect(await ours.authenticate(headerOf(theirs))).toBe(true);
    expect(await ours.authenticate(headerOf(theirs, 'another'))).toBe(true);
  });

  it.each([
    ['another password', { username: 'gofd', password: 'guess' }],
    ['another user name', { username: 'god', password: 'secret' }],
    ['no password', { username: 'gofd', password: '' }],
  ])('refuses %s', async (_what, credentials) => {
    expect(await ours.authenticate(headerOf(new V1Handshake(credentials)))).toBe(false);
  });

  it('never sends the password', () => {
    const header = Buffer.from(ours.headerFor('t1') ?? []).toString();
    expect(header).not.toContain('secret');
    expect(headerOf(ours)).toMatchObject({ taskId: 't1', username: 'gofd' });
  });

  it('B85: has no header for a task id that does not fit into one', () => {
    expect(ours.headerFor('x'.repeat(200))).toBeUndefined();
  });
});
