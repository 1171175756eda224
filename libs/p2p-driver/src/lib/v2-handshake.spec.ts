import { createTaskKey } from '@gofd/auth-crypto';
import { describe, expect, it } from 'vitest';
import { HELLO, KEY, OTHER_KEY, rawHello, rawProof, readWelcome } from '../../test/raw-hello.ts';
import type { DiallingStep, ListeningStep, TaskSecurity } from './handshake.port.ts';
import { V2Dialling, V2Listening } from './v2-handshake.ts';

const NAMED = { taskId: 't1', stream: 'content', agentId: 'host-7' } as const;

function dialling(key: Uint8Array = KEY, named: Partial<typeof NAMED> = {}): V2Dialling {
  const side = V2Dialling.start({ key, ...NAMED, ...named });
  if (!side) throw new Error('the names are too long');
  return side;
}

function listening(security: TaskSecurity | undefined = { version: 2, key: KEY }): V2Listening {
  return new V2Listening((taskId, stream) =>
    taskId === NAMED.taskId && stream === NAMED.stream ? security : undefined,
  );
}

function sentBy(step: ListeningStep | DiallingStep): Uint8Array {
  if (!('send' in step)) throw new Error(`sends nothing, is ${step.state}`);
  return step.send;
}

describe('the v2 handshake', () => {
  it('is accepted on both sides when both know the key', () => {
    const [dialler, listener] = [dialling(), listening()];
    const welcome = sentBy(listener.push(dialler.opening));
    const answer = dialler.push(welcome);
    expect(answer).toMatchObject({ state: 'accepted', rest: new Uint8Array() });
    expect(listener.push(sentBy(answer))).toMatchObject({ state: 'accepted', peer: NAMED });
  });

  it('hands on the frames that come right behind the last message of either side', () => {
    const [dialler, listener] = [dialling(), listening()];
    const frames = Buffer.from('frames');
    const welcome = sentBy(listener.push(dialler.opening));
    const answer = dialler.push(Buffer.concat([welcome, frames]));
    expect(answer).toMatchObject({ state: 'accepted', rest: frames });
    const proof = sentBy(answer);
    expect(listener.push(Buffer.concat([proof, frames]))).toMatchObject({
      state: 'accepted',
      rest: frames,
    });
  });

  it('takes everything byte by byte', () => {
    const [dialler, listener] = [dialling(), listening()];
    const feed = (
      side: V2Dialling | V2Listening,
      bytes: Uint8Array,
    ): ListeningStep | DiallingStep => {
      for (const byte of bytes.subarray(0, -1)) {
        const step = side.push(Uint8Array.of(byte));
        expect(step.state).toBe('pending');
      }
      return side.push(bytes.subarray(-1));
    };
    const welcome = sentBy(feed(listener, dialler.opening));
    const proof = sentBy(feed(dialler, welcome));
    expect(feed(listener, proof).state).toBe('accepted');
  });

  it('sends nothing twice: nonces and proofs are new on each connection', () => {
    const [first, second] = [dialling(), dialling()];
    expect(first.opening).not.toEqual(second.opening);
    const welcomes = [listening(), listening()].map((side) => side.push(rawHello()));
    const [one, other] = welcomes.map((step) => readWelcome(Buffer.from(sentBy(step))));
    expect(one?.nonce).not.toEqual(other?.nonce);
    expect(one?.proof).not.toEqual(other?.proof);
  });

  it('never sends the key', () => {
    const [dialler, listener] = [dialling(), listening()];
    const welcome = sentBy(listener.push(dialler.opening));
    const proof = sentBy(dialler.push(welcome));
    expect(Buffer.concat([dialler.opening, welcome, proof]).includes(KEY)).toBe(false);
  });
});

describe('V2Dialling', () => {
  it('sends no proof to a listener that does not know the key', () => {
    const dialler = dialling();
    const listener = listening({ version: 2, key: OTHER_KEY });
    const step = dialler.push(sentBy(listener.push(dialler.opening)));
    expect(step).toEqual({
      state: 'refused',
      message: 'did not prove that it knows the key of the task',
    });
  });

  it.each([
    ['the answer of v1', Buffer.of(0xff)],
    ['version 3', Buffer.of(3)],
    ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ])('refuses %s', (_what, answer) => {
    expect(dialling().push(answer)).toEqual({
      state: 'refused',
      message: 'answered the handshake with something else',
    });
  });

  it('refuses the welcome that was meant for another of its connections', () => {
    const [first, second] = [dialling(), dialling()];
    const welcome = sentBy(listening().push(first.opening));
    expect(second.push(welcome).state).toBe('refused');
  });

  it('cannot be started with names that do not fit', () => {
    const tooLong = { key: KEY, ...NAMED, taskId: 'x'.repeat(129) };
    expect(V2Dialling.start(tooLong)).toBeUndefined();
    expect(
      V2Dialling.start({ ...tooLong, taskId: 't1', agentId: 'x'.repeat(256) }),
    ).toBeUndefined();
  });
});

describe('V2Listening', () => {
  it.each<[string, TaskSecurity | undefined, string]>([
    ['that runs v1', { version: 1 }, 'P2P_VERSION_MISMATCH'],
    ['that is not open', undefined, 'P2P_TASK_UNKNOWN'],
  ])('refuses a HELLO for a task %s', (_what, security, code) => {
    const side = new V2Listening(() => security);
    expect(side.push(rawHello())).toEqual({ state: 'refused', code });
  });

  it('refuses whoever sends more before it can know our nonce', () => {
    const step = listening().push(Buffer.concat([rawHello(), Buffer.alloc(1)]));
    expect(step).toEqual({ state: 'refused', code: 'P2P_BAD_HELLO' });
  });

  it('takes feature bits that it does not know and answers without them', () => {
    const hello = { ...HELLO, features: 0xfffffffe };
    const listener = listening();
    const welcome = readWelcome(Buffer.from(sentBy(listener.push(rawHello(hello)))));
    expect(welcome.features).toBe(0);
    expect(listener.push(rawProof('dialler', hello, welcome.nonce)).state).toBe('accepted');
  });

  it.each<[string, TaskSecurity | undefined, string]>([
    ['has ended', undefined, 'P2P_TASK_UNKNOWN'],
    ['has another key by then', { version: 2, key: createTaskKey() }, 'P2P_AUTH_FAILED'],
    ['runs v1 by then', { version: 1 }, 'P2P_VERSION_MISMATCH'],
  ])('refuses a right proof when the task %s', (_what, later, code) => {
    let security: TaskSecurity | undefined = { version: 2, key: KEY };
    const listener = new V2Listening(() => security);
    const welcome = readWelcome(Buffer.from(sentBy(listener.push(rawHello()))));
    security = later;
    expect(listener.push(rawProof('dialler', HELLO, welcome.nonce))).toEqual({
      state: 'refused',
      code,
    });
  });
});
