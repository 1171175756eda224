import { describe, expect, it } from 'vitest';
import vectors from '../../test-vectors/crypto.json' with { type: 'json' };
import { createHeaderProof, deriveHeaderDigest, verifyHeaderProof } from './handshake-proof.ts';

describe.each(vectors.header)('captured header with salt $salt', ({ password, salt, digest }) => {
  it('has the digest that we derive', async () => {
    expect(await deriveHeaderDigest(password, salt)).toBe(digest);
  });

  it('is accepted for its password and refused for another', async () => {
    expect(await verifyHeaderProof(password, { salt, digest })).toBe(true);
    expect(await verifyHeaderProof('Gofd', { salt, digest })).toBe(false);
  });
});

describe('createHeaderProof', () => {
  it('makes a proof that is accepted, with a new salt each time', async () => {
    const proof = createHeaderProof('päss word');
    expect(await verifyHeaderProof('päss word', proof)).toBe(true);
    expect(createHeaderProof('päss word').salt).not.toBe(proof.salt);
  });
});

describe('verifyHeaderProof', () => {
  const proof = createHeaderProof('gofd');

  it.each([
    ['an empty digest', { ...proof, digest: '' }],
    ['a digest that is not base64', { ...proof, digest: '*'.repeat(56) }],
    ['a digest of 39 bytes', { ...proof, digest: Buffer.alloc(39).toString('base64') }],
    ['a salt of 9 bytes', { ...proof, salt: Buffer.alloc(9).toString('base64') }],
    ['a salt without padding', { ...proof, salt: proof.salt.replace('=', '') }],
    [
      'a well-formed digest that is wrong',
      { ...proof, digest: Buffer.alloc(40).toString('base64') },
    ],
  ])('refuses %s', async (_what, malformed) => {
    expect(await verifyHeaderProof('gofd', malformed)).toBe(false);
  });
});
