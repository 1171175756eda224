import { describe, expect, it } from 'vitest';
import { concat, cutAt, fromHex, toHex } from '../../../test/byte-parts.ts';
import { encodeWelcome, ProofReader, WelcomeReader, type Welcome } from './hello-answers.ts';
import {
  encodeHello,
  HELLO_FIRST_BYTE,
  HelloReader,
  MAX_HELLO_AGENT_ID_BYTES,
  MAX_HELLO_BYTES,
  MAX_HELLO_TASK_ID_BYTES,
  type Hello,
} from './hello.ts';

const NONCE = Uint8Array.from({ length: 32 }, (_, index) => index);
const PROOF = Uint8Array.from({ length: 32 }, (_, index) => 0xff - index);
const NONCE_HEX = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
const PROOF_HEX = 'fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0efeeedecebeae9e8e7e6e5e4e3e2e1e0';
const NO_BYTES = new Uint8Array();

const HELLO: Hello = {
  features: 0,
  stream: 'content',
  taskId: 't1',
  agentId: 'hä',
  nonce: NONCE,
};
// Magic, length 45, version 2, no features, content, "t1", "hä", nonce.
const HELLO_HEX = `47464432 002d 02 00000000 00 02 7431 03 68c3a4 ${NONCE_HEX}`.replaceAll(' ', '');
// Magic, length 40, version 2, two feature bits, manifest, no names, nonce.
const BARE_HEX = `47464432 0028 02 80000001 01 00 00 ${NONCE_HEX}`.replaceAll(' ', '');
const WELCOME: Welcome = { features: 0xf0000000, nonce: NONCE, proof: PROOF };
const WELCOME_HEX = `02f0000000${NONCE_HEX}${PROOF_HEX}`;

function encoded(hello: Hello = HELLO): Uint8Array {
  const bytes = encodeHello(hello);
  if (!bytes) throw new Error('the HELLO does not fit');
  return bytes;
}

describe('HELLO', () => {
  it.each<[string, Hello, string]>([
    ['with names', HELLO, HELLO_HEX],
    [
      'of the manifest, without names, with feature bits',
      { features: 0x80000001, stream: 'manifest', taskId: '', agentId: '', nonce: NONCE },
      BARE_HEX,
    ],
  ])('%s is written and read as pinned', (_what, hello, hex) => {
    expect(toHex(encoded(hello))).toBe(hex);
    expect(new HelloReader().push(fromHex(hex))).toEqual({
      state: 'complete',
      value: hello,
      rest: NO_BYTES,
    });
  });

  it('starts with a byte that no v1 header starts with', () => {
    expect(encoded()[0]).toBe(HELLO_FIRST_BYTE);
    expect(HELLO_FIRST_BYTE).not.toBe(0);
  });

  it('is taken byte by byte, complete with the last and not before', () => {
    const reader = new HelloReader();
    const states = [...encoded()].map((byte) => reader.push(Uint8Array.of(byte)).state);
    expect(states.slice(0, -1).every((state) => state === 'incomplete')).toBe(true);
    expect(states.at(-1)).toBe('complete');
  });

  it('gives back what follows it, wherever the segments end', () => {
    const following = Uint8Array.of(1, 2, 3);
    const bytes = concat(encoded(), following);
    for (let place = 0; place < encoded().length; place++) {
      const reader = new HelloReader();
      const [first = NO_BYTES, second = NO_BYTES] = cutAt(bytes, [place]);
      expect(reader.push(first)).toEqual({ state: 'incomplete' });
      expect(reader.push(second)).toEqual({ state: 'complete', value: HELLO, rest: following });
    }
  });

  it('keeps nothing of the segment that it was read from', () => {
    const bytes = encoded();
    const result = new HelloReader().push(bytes);
    bytes.fill(0);
    expect(result).toMatchObject({ state: 'complete', value: HELLO });
  });

  it('may have names as long as their limits, and no longer', () => {
    const longest = {
      ...HELLO,
      taskId: 'x'.repeat(MAX_HELLO_TASK_ID_BYTES),
      agentId: 'y'.repeat(MAX_HELLO_AGENT_ID_BYTES),
    };
    expect(encoded(longest)).toHaveLength(MAX_HELLO_BYTES);
    expect(new HelloReader().push(encoded(longest))).toMatchObject({ value: longest });
    expect(encodeHello({ ...longest, taskId: `${longest.taskId}x` })).toBeUndefined();
    expect(encodeHello({ ...longest, agentId: `${longest.agentId}y` })).toBeUndefined();
    // Counted in bytes: half as many characters of two bytes each are as long.
    const twoBytes = 'ä'.repeat(MAX_HELLO_TASK_ID_BYTES / 2);
    expect(encodeHello({ ...HELLO, taskId: twoBytes })).toBeDefined();
    expect(encodeHello({ ...HELLO, taskId: `${twoBytes}ä` })).toBeUndefined();
  });

  it('is refused for a task id one byte above its limit though all of it fits', () => {
    const tooLong = MAX_HELLO_TASK_ID_BYTES + 1;
    const bytes = concat(
      fromHex('47464432'),
      Uint8Array.of(0, 40 + tooLong),
      fromHex('020000000000'),
      Uint8Array.of(tooLong),
      new Uint8Array(tooLong).fill(0x78),
      Uint8Array.of(0),
      NONCE,
    );
    expect(new HelloReader().push(bytes)).toEqual({ state: 'invalid', code: 'P2P_BAD_HELLO' });
  });

  it.each([
    ['a wrong magic on its first wrong byte', '4747', 'P2P_HEADER_TOO_LARGE'],
    ['a wrong version on the seventh byte', '47464432002d01', 'P2P_VERSION_UNSUPPORTED'],
    ['a length beyond the limit on the seventh byte', '47464432ffff02', 'P2P_HEADER_TOO_LARGE'],
  ])('refuses %s, without waiting for more', (_what, hex, code) => {
    const reader = new HelloReader();
    expect(reader.push(fromHex(hex.slice(0, -2)))).toEqual({ state: 'incomplete' });
    expect(reader.push(fromHex(hex.slice(-2)))).toEqual({ state: 'invalid', code });
  });
});

describe('WELCOME', () => {
  it('is written and read as pinned', () => {
    expect(toHex(encodeWelcome(WELCOME))).toBe(WELCOME_HEX);
    expect(new WelcomeReader().push(fromHex(`${WELCOME_HEX}0102`))).toEqual({
      state: 'complete',
      value: WELCOME,
      rest: Uint8Array.of(1, 2),
    });
  });

  it.each([0x00, 0x01, 0x03, 0xff])('is refused on a first byte of %i', (version) => {
    expect(new WelcomeReader().push(Uint8Array.of(version))).toEqual({
      state: 'invalid',
      code: 'P2P_VERSION_UNSUPPORTED',
    });
  });
});

describe('PROOF', () => {
  it('is 32 bytes and nothing else', () => {
    const reader = new ProofReader();
    expect(reader.push(PROOF.subarray(0, 31))).toEqual({ state: 'incomplete' });
    const rest = Uint8Array.of(9);
    expect(reader.push(concat(PROOF.subarray(31), rest))).toEqual({
      state: 'complete',
      value: PROOF,
      rest,
    });
  });
});
