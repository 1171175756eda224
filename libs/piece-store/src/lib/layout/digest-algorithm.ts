/**
 * The hash of a piece, by the algorithm that the manifest names: SHA-1 for wire v1, BLAKE3 for v2. This
 * is the one place that knows where each is computed (docs/adr/0007).
 */
import { hash } from 'node:crypto';
import type { HashAlgorithm } from '@gofd/p2p-protocol';
import { blake3 } from './blake3.ts';

/** Digest of some bytes; its length is DIGEST_BYTES of the algorithm. */
export function digestPiece(bytes: Buffer, algorithm: HashAlgorithm): Buffer {
  return algorithm === 'blake3' ? blake3(bytes) : hash(algorithm, bytes, 'buffer');
}
