/**
 * The v2 handshake by hand, with none of our own codec or crypto: every byte is written as
 * docs/protocol.md, 5, defines it, so that a mistake on one side cannot hide behind the other.
 */
import { createHmac } from 'node:crypto';
import type { TaskSecurity } from '../src/lib/handshake.port.ts';
import { TASK_ID } from './nodes.ts';
import { uint32, type RawPeer } from './raw-peer.ts';

export const KEY = Buffer.alloc(32, 0x4b);
export const OTHER_KEY = Buffer.alloc(32, 0x4f);
export const V2: TaskSecurity = { version: 2, key: KEY };
export const WELCOME_BYTES = 69;

export interface RawHello {
  readonly taskId: string;
  readonly agentId: string;
  /** 0 = content, 1 = manifest. */
  readonly stream: number;
  readonly features: number;
  readonly nonce: Buffer;
}

export const HELLO: RawHello = {
  taskId: TASK_ID,
  agentId: 'host-7',
  stream: 0,
  features: 0,
  nonce: Buffer.alloc(32, 0xd1),
};

export function rawHello(hello: RawHello = HELLO): Buffer {
  const [taskId, agentId] = [Buffer.from(hello.taskId), Buffer.from(hello.agentId)];
  const body = Buffer.concat([
    Buffer.of(2),
    uint32(hello.features),
    Buffer.of(hello.stream, taskId.length),
    taskId,
    Buffer.of(agentId.length),
    agentId,
    hello.nonce,
  ]);
  return Buffer.concat([Buffer.from('GFD2'), uint32(body.length).subarray(2), body]);
}

export interface RawWelcome {
  readonly version: number;
  readonly features: number;
  readonly nonce: Buffer;
  readonly proof: Buffer;
}

export function readWelcome(bytes: Buffer): RawWelcome {
  return {
    version: bytes.readUInt8(0),
    features: bytes.readUInt32BE(1),
    nonce: bytes.subarray(5, 37),
    proof: bytes.subarray(37),
  };
}

export function rawWelcome(nonce: Buffer, proof: Buffer): Buffer {
  return Buffer.concat([Buffer.of(2), uint32(0), nonce, proof]);
}

export function rawProof(
  role: 'dialler' | 'listener',
  hello: RawHello,
  listenerNonce: Buffer,
  key: Buffer = KEY,
): Buffer {
  const hmac = createHmac('sha256', key);
  const fields = [
    Buffer.from('gofd wire v2 handshake'),
    Buffer.from(role),
    hello.nonce,
    listenerNonce,
    Buffer.from(hello.taskId),
    Buffer.of(hello.stream),
    Buffer.from(hello.agentId),
    uint32(hello.features),
    uint32(0),
  ];
  for (const field of fields) hmac.update(uint32(field.length)).update(field);
  return hmac.digest();
}

/** Sends a HELLO and takes the WELCOME. */
export async function greet(peer: RawPeer, hello: RawHello = HELLO): Promise<RawWelcome> {
  peer.send(rawHello(hello));
  return readWelcome(await peer.take(WELCOME_BYTES));
}
