/**
 * The handshake of wire v2 (docs/protocol.md, 5): HELLO →, ← WELCOME, PROOF →. Each side makes a
 * fresh nonce for each connection and proves the task's key over both, so nothing that is sent can be
 * used again. The listener proves itself first: who does not know the key learns no proof of a
 * dialler's.
 */
import { createNonce, proveTaskKey, verifyTaskProof, type TaskProofInput } from '@gofd/auth-crypto';
import {
  encodeHello,
  encodeWelcome,
  HelloReader,
  ProofReader,
  STREAM_ID,
  WelcomeReader,
  type Hello,
  type HelloResult,
  type TaskStream,
  type Welcome,
} from '@gofd/p2p-protocol';
import {
  NO_BYTES,
  type DiallingHandshake,
  type DiallingStep,
  type ListeningHandshake,
  type ListeningStep,
  type RefusalCode,
  type SecurityOf,
} from './handshake.port.ts';

/** Nothing is optional in v2 yet. */
const OUR_FEATURES = 0;

export interface V2DiallingOptions {
  /** TASK_KEY_BYTES. */
  readonly key: Uint8Array;
  readonly taskId: string;
  readonly stream: TaskStream;
  /** Our name, for the far end's logs and plans; may be empty. */
  readonly agentId: string;
}

export class V2Dialling implements DiallingHandshake {
  readonly opening: Uint8Array;
  readonly #key: Uint8Array;
  readonly #hello: Hello;
  readonly #reader = new WelcomeReader();

  private constructor(key: Uint8Array, hello: Hello, opening: Uint8Array) {
    this.#key = key;
    this.#hello = hello;
    this.opening = opening;
  }

  /** @returns undefined when task id or name do not fit into a HELLO */
  static start({ key, ...named }: V2DiallingOptions): V2Dialling | undefined {
    const hello: Hello = { ...named, features: OUR_FEATURES, nonce: createNonce() };
    const opening = encodeHello(hello);
    return opening && new V2Dialling(key, hello, opening);
  }

  push(bytes: Uint8Array): DiallingStep {
    const result = this.#reader.push(bytes);
    if (result.state === 'incomplete') return { state: 'pending' };
    if (result.state === 'invalid') {
      return { state: 'refused', message: 'answered the handshake with something else' };
    }
    const proof = this.#answer(result.value);
    return proof
      ? { state: 'accepted', send: proof, rest: result.rest }
      : { state: 'refused', message: 'did not prove that it knows the key of the task' };
  }

  /** Our proof, once the listener's is right. */
  #answer(welcome: Welcome): Uint8Array | undefined {
    const input = proofInput(this.#key, this.#hello, welcome);
    if (!verifyTaskProof({ ...input, role: 'listener' }, welcome.proof)) return undefined;
    return proveTaskKey({ ...input, role: 'dialler' });
  }
}

/** What a listener has said in its WELCOME, and to whom. */
interface Greeted {
  readonly hello: Hello;
  readonly nonce: Uint8Array;
}

export class V2Listening implements ListeningHandshake {
  readonly #securityOf: SecurityOf;
  readonly #helloReader = new HelloReader();
  readonly #proofReader = new ProofReader();
  #greeted: Greeted | undefined;

  constructor(securityOf: SecurityOf) {
    this.#securityOf = securityOf;
  }

  push(bytes: Uint8Array): ListeningStep {
    return this.#greeted ? this.#readProof(this.#greeted, bytes) : this.#readHello(bytes);
  }

  #readHello(bytes: Uint8Array): ListeningStep {
    const result = this.#helloReader.push(bytes);
    if (result.state !== 'complete') return unfinished(result);
    // A proof needs our nonce, so none can have been made yet: whoever sends on guesses.
    if (result.rest.length > 0) return { state: 'refused', code: 'P2P_BAD_HELLO' };
    const hello = result.value;
    const key = this.#keyOf(hello);
    if (typeof key === 'string') return { state: 'refused', code: key };
    const ours = { features: OUR_FEATURES, nonce: createNonce() };
    const proof = proveTaskKey({ ...proofInput(key, hello, ours), role: 'listener' });
    this.#greeted = { hello, nonce: ours.nonce };
    return { state: 'pending', send: encodeWelcome({ ...ours, proof }) };
  }

  #readProof({ hello, nonce }: Greeted, bytes: Uint8Array): ListeningStep {
    const result = this.#proofReader.push(bytes);
    if (result.state !== 'complete') return unfinished(result);
    // Asked again: the task may have ended, or begun anew with another key, since the HELLO.
    const key = this.#keyOf(hello);
    if (typeof key === 'string') return { state: 'refused', code: key };
    const input = proofInput(key, hello, { features: OUR_FEATURES, nonce });
    if (!verifyTaskProof({ ...input, role: 'dialler' }, result.value)) {
      return { state: 'refused', code: 'P2P_AUTH_FAILED' };
    }
    const { taskId, stream, agentId } = hello;
    const peer = { taskId, stream, agentId };
    return { state: 'accepted', peer, send: NO_BYTES, rest: result.rest };
  }

  #keyOf({ taskId, stream }: Hello): Uint8Array | RefusalCode {
    const security = this.#securityOf(taskId, stream);
    if (!security) return 'P2P_TASK_UNKNOWN';
    return security.version === 2 ? security.key : 'P2P_VERSION_MISMATCH';
  }
}

type Unfinished = Exclude<HelloResult<never>, { state: 'complete' }>;

function unfinished(result: Unfinished): ListeningStep {
  return result.state === 'incomplete'
    ? { state: 'pending', send: NO_BYTES }
    : { state: 'refused', code: result.code };
}

/** What both proofs of one connection are made over, but for the role. */
function proofInput(
  key: Uint8Array,
  hello: Hello,
  listener: Pick<Welcome, 'features' | 'nonce'>,
): Omit<TaskProofInput, 'role'> {
  return {
    key,
    diallerNonce: hello.nonce,
    listenerNonce: listener.nonce,
    taskId: hello.taskId,
    stream: STREAM_ID[hello.stream],
    agentId: hello.agentId,
    diallerFeatures: hello.features,
    listenerFeatures: listener.features,
  };
}
