/**
 * The v2 handshake by hand, with none of our own codec or crypto: every byte is written as
 * docs/protocol.md, 5, defines it, so that a mistake on one side cannot hide behind the other.
 */
import { createHmac } from 'node:crypto';
import type { TaskSecurity } from '../src/lib/handshake.port.ts';
import { TASK_ID } from './nodes.ts';
import { RawPeer, uint32 } from './raw-peer.ts';

export const KEY = Buffer.alloc(32, 0x4b);
export const OTHER_KEY = Buffer.alloc(32, 0x4f);
export const V2: TaskSecurity = { version: 2, key: KEY };
export const WELCOME_BYTES = 69;
const PROOF_BYTES = 32;

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

/** Dials and proves the key. Whether it is let in, the far end shows by its bitfield. */
export async function joinV2(port: number, hello: RawHello = HELLO): Promise<RawPeer> {
  const peer = await RawPeer.dial(port);
  const welcome = await greet(peer, hello);
  peer.send(rawProof('dialler', hello, welcome.nonce));
  return peer;
}

/** The listener's part: takes a HELLO, proves the key, and takes the proof of the dialler. */
export async function welcomeV2(peer: RawPeer): Promise<void> {
  const nonce = Buffer.alloc(32, 0x1e);
  const hello = await takeHello(peer);
  peer.send(rawWelcome(nonce, rawProof('listener', hello, nonce)));
  const proof = await peer.take(PROOF_BYTES);
  if (!proof.equals(rawProof('dialler', hello, nonce))) throw new Error('another proof');
}

async function takeHello(peer: RawPeer): Promise<RawHello> {
  const bodyBytes = (await peer.take(6)).readUInt16BE(4);
  const body = await peer.take(bodyBytes);
  const taskEnd = 7 + body.readUInt8(6);
  const agentEnd = taskEnd + 1 + body.readUInt8(taskEnd);
  return {
    features: body.readUInt32BE(1),
    stream: body.readUInt8(5),
    taskId: body.toString('utf8', 7, taskEnd),
    agentId: body.toString('utf8', taskEnd + 1, agentEnd),
    nonce: body.subarray(agentEnd),
  };
}
