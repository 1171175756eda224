/**
 * The proof in the data port's v1 header: PBKDF2 of the password over a salt of the dialler's
 * choice. It is a bearer token (bound to no task and no connection), so a process loses nothing by
 * making one at start and sending it on every connection, and the upstream then checks it once.
 */
import { pbkdf2, pbkdf2Sync, randomBytes } from 'node:crypto';
import { decodeBase64 } from './base64.ts';
import { constantTimeEqual } from './constant-time.ts';

const ROUNDS = 10_000;
const DIGEST_BYTES = 40;
const SALT_BYTES = 8;
const HASH = 'sha256';

/** Both values in base64: 40 bytes of digest, 8 bytes of salt. */
export interface HeaderProof {
  readonly digest: string;
  readonly salt: string;
}

/** A proof with a fresh salt. Blocks for some milliseconds: make one at start and keep it. */
export function createHeaderProof(password: string): HeaderProof {
  const salt = randomBytes(SALT_BYTES);
  const digest = pbkdf2Sync(password, salt, ROUNDS, DIGEST_BYTES, HASH);
  return { digest: digest.toString('base64'), salt: salt.toString('base64') };
}

/** The base64 digest that belongs to a base64 salt; computed off the event loop. */
export function deriveHeaderDigest(password: string, salt: string): Promise<string> {
  return new Promise((resolve, reject) => {
    pbkdf2(password, Buffer.from(salt, 'base64'), ROUNDS, DIGEST_BYTES, HASH, (error, digest) => {
      if (error) reject(error);
      else resolve(digest.toString('base64'));
    });
  });
}

/** Whether a received proof is one of this password. Malformed proofs cost no PBKDF2. */
export async function verifyHeaderProof(password: string, proof: HeaderProof): Promise<boolean> {
  if (!isWellFormedProof(proof)) return false;
  return constantTimeEqual(await deriveHeaderDigest(password, proof.salt), proof.digest);
}

/** Whether digest and salt are base64 of the right lengths. */
export function isWellFormedProof(proof: HeaderProof): boolean {
  return (
    decodeBase64(proof.digest)?.length === DIGEST_BYTES &&
    decodeBase64(proof.salt)?.length === SALT_BYTES
  );
}
