import { describe, expect, it } from 'vitest';
import {
  createNonce,
  createTaskKey,
  NONCE_BYTES,
  proveTaskKey,
  TASK_KEY_BYTES,
  TASK_PROOF_BYTES,
  verifyTaskProof,
  type TaskProofInput,
} from './task-proof.ts';

const INPUT: TaskProofInput = {
  key: Uint8Array.from({ length: TASK_KEY_BYTES }, (_, index) => index),
  role: 'dialler',
  diallerNonce: new Uint8Array(NONCE_BYTES).fill(0xd1),
  listenerNonce: new Uint8Array(NONCE_BYTES).fill(0x1e),
  taskId: 'täsk-1',
  stream: 0,
  agentId: 'host-7',
  diallerFeatures: 0,
  listenerFeatures: 0,
};

function hexOf(input: TaskProofInput): string {
  return Buffer.from(proveTaskKey(input)).toString('hex');
}

describe('proveTaskKey', () => {
  // Computed from the definition in docs/protocol.md by another implementation of HMAC (Python's).
  it.each<[string, Partial<TaskProofInput>, string]>([
    ['a dialler', {}, '93e4e2a1f5000ef9bc38ba68e0a2663f64001461a77d77f292ecbf48a6477e00'],
    [
      'a listener',
      { role: 'listener' },
      '14082696b7dea2f54a980a85214a5b12b56d897c025f41b5d1344a0b036047c4',
    ],
    [
      'a nameless dialler with feature bits',
      {
        taskId: 't1',
        stream: 1,
        agentId: '',
        diallerFeatures: 0x80000001,
        listenerFeatures: 0xffffffff,
      },
      'bf105d7d5e99091c68b9ffc9d29a5ad0d4bda9c4f10a198f14366e0beb20263a',
    ],
  ])('makes the known proof of %s', (_what, changed, expected) => {
    expect(hexOf({ ...INPUT, ...changed })).toBe(expected);
  });

  it('takes no name and the empty name for the same', () => {
    const { agentId: _, ...nameless } = INPUT;
    expect(hexOf(nameless)).toBe(hexOf({ ...INPUT, agentId: '' }));
  });

  it.each<[string, Partial<TaskProofInput>]>([
    ['a key of 31 bytes', { key: new Uint8Array(31) }],
    ['a key of 33 bytes', { key: new Uint8Array(33) }],
    ['no key', { key: new Uint8Array() }],
    ['a short nonce of the dialler', { diallerNonce: new Uint8Array(31) }],
    ['a long nonce of the listener', { listenerNonce: new Uint8Array(33) }],
  ])('refuses %s', (_what, changed) => {
    expect(() => proveTaskKey({ ...INPUT, ...changed })).toThrow(RangeError);
  });
});

describe('verifyTaskProof', () => {
  const proof = proveTaskKey(INPUT);

  it('accepts the proof of the same handshake', () => {
    expect(proof).toHaveLength(TASK_PROOF_BYTES);
    expect(verifyTaskProof(INPUT, proof)).toBe(true);
  });

  it.each<[string, Partial<TaskProofInput>]>([
    ['another key', { key: createTaskKey() }],
    ['the other role', { role: 'listener' }],
    ['another nonce of the dialler', { diallerNonce: createNonce() }],
    ['another nonce of the listener', { listenerNonce: createNonce() }],
    [
      'the nonces exchanged',
      { diallerNonce: INPUT.listenerNonce, listenerNonce: INPUT.diallerNonce },
    ],
    ['another task', { taskId: 'täsk-2' }],
    ['another stream', { stream: 1 }],
    ['another name', { agentId: 'host-8' }],
    ['no name', { agentId: '' }],
    ['feature bits changed on the way', { diallerFeatures: 1 }],
    ['feature bits of the other side', { listenerFeatures: 1 }],
  ])('refuses the proof of %s', (_what, changed) => {
    expect(verifyTaskProof(INPUT, proveTaskKey({ ...INPUT, ...changed }))).toBe(false);
  });

  it('does not take a character of the task id for one of the name', () => {
    const joined = { ...INPUT, taskId: 'ab', agentId: 'c' };
    expect(verifyTaskProof({ ...INPUT, taskId: 'a', agentId: 'bc' }, proveTaskKey(joined))).toBe(
      false,
    );
  });

  it.each([0, 1, 31])('refuses a proof with one bit of byte %i flipped', (index) => {
    const flipped = Uint8Array.from(proof, (byte, at) => (at === index ? byte ^ 1 : byte));
    expect(verifyTaskProof(INPUT, flipped)).toBe(false);
  });

  it.each([0, 31, 33])('refuses a proof of %i bytes and does not throw', (byteCount) => {
    const wrong = new Uint8Array(byteCount);
    wrong.set(proof.subarray(0, byteCount));
    expect(verifyTaskProof(INPUT, wrong)).toBe(false);
  });
});

describe('keys and nonces', () => {
  it('are new each time and of their length', () => {
    expect(createTaskKey()).toHaveLength(TASK_KEY_BYTES);
    expect(createNonce()).toHaveLength(NONCE_BYTES);
    expect(createTaskKey()).not.toEqual(createTaskKey());
    expect(createNonce()).not.toEqual(createNonce());
  });
});
