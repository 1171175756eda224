/**
 * The proof of wire v2: whoever opens a connection, and whoever answers it, shows that it knows the
 * task's key without sending anything that helps to show it again (docs/protocol.md, 5.3).
 *
 * HMAC-SHA256 (RFC 2104) over a transcript of length-prefixed fields, so that no two handshakes have
 * the same transcript. Both nonces are in it, so a recorded proof fits no other connection; the role
 * is in it, so a proof sent back to its maker is wrong.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** A task's key: as long as the digest, beyond which HMAC gains nothing (RFC 2104, 3). */
export const TASK_KEY_BYTES = 32;
/** Two connections share a nonce after about 2^128 of them: never. */
export const NONCE_BYTES = 32;
export const TASK_PROOF_BYTES = 32;

/** Keeps these proofs apart from whatever else may once be made with the same key. */
const LABEL = 'gofd wire v2 handshake';
const UINT32_BYTES = 4;
const HASH = 'sha256';

export interface TaskProofInput {
  /** TASK_KEY_BYTES. */
  readonly key: Uint8Array;
  /** Who makes the proof. */
  readonly role: 'dialler' | 'listener';
  /** NONCE_BYTES each. */
  readonly diallerNonce: Uint8Array;
  readonly listenerNonce: Uint8Array;
  readonly taskId: string;
  /** Number of the stream on the wire, one byte. */
  readonly stream: number;
  /** The name that the dialler gave itself. @default none, which is the empty name */
  readonly agentId?: string;
  /** The feature bits that were sent, uint32: whoever changes them on the way breaks the proof. */
  readonly diallerFeatures: number;
  readonly listenerFeatures: number;
}

/** A fresh key for one task. */
export function createTaskKey(): Uint8Array {
  return randomBytes(TASK_KEY_BYTES);
}

/** A fresh nonce for one connection. */
export function createNonce(): Uint8Array {
  return randomBytes(NONCE_BYTES);
}

/**
 * @returns TASK_PROOF_BYTES
 * @throws RangeError when key or nonces are not of their length: a short key would prove nothing
 */
export function proveTaskKey(input: TaskProofInput): Uint8Array {
  assertLength('key', input.key, TASK_KEY_BYTES);
  assertLength('diallerNonce', input.diallerNonce, NONCE_BYTES);
  assertLength('listenerNonce', input.listenerNonce, NONCE_BYTES);
  const hmac = createHmac(HASH, input.key);
  for (const field of transcriptOf(input)) hmac.update(uint32(field.length)).update(field);
  return hmac.digest();
}

/** Whether `proof` is the one of `input`, in a time that does not depend on where it differs. */
export function verifyTaskProof(input: TaskProofInput, proof: Uint8Array): boolean {
  const expected = proveTaskKey(input);
  return proof.length === expected.length && timingSafeEqual(proof, expected);
}

/** The fields in their order; each is preceded by its length when it is hashed. */
function transcriptOf(input: TaskProofInput): readonly Uint8Array[] {
  return [
    Buffer.from(LABEL, 'ascii'),
    Buffer.from(input.role, 'ascii'),
    input.diallerNonce,
    input.listenerNonce,
    Buffer.from(input.taskId, 'utf8'),
    Uint8Array.of(input.stream),
    Buffer.from(input.agentId ?? '', 'utf8'),
    uint32(input.diallerFeatures),
    uint32(input.listenerFeatures),
  ];
}

function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(UINT32_BYTES);
  bytes.writeUInt32BE(value);
  return bytes;
}

function assertLength(name: string, bytes: Uint8Array, byteCount: number): void {
  if (bytes.length === byteCount) return;
  throw new RangeError(`${name} has ${bytes.length} bytes, not ${byteCount}`);
}
