/**
 * The two messages that follow a HELLO (docs/protocol.md, 5.1), both of fixed length: WELCOME, with
 * which the listener proves itself, and PROOF, with which the dialler does. Whether a proof is right
 * is not decided here.
 *
 * | WELCOME at | bytes | field        |     | PROOF at | bytes | field |
 * |------------|-------|--------------|     |----------|-------|-------|
 * | 0          | 1     | version      |     | 0        | 32    | proof |
 * | 1          | 4     | feature bits |
 * | 5          | 32    | nonce        |
 * | 37         | 32    | proof        |
 */
import { MessageReader, type HelloErrorCode, type HelloShape } from './hello-reader.ts';
import { HELLO_NONCE_BYTES, WIRE_V2 } from './hello.ts';

export const HELLO_PROOF_BYTES = 32;

const FEATURES_AT = 1;
const NONCE_AT = 5;
const PROOF_AT = NONCE_AT + HELLO_NONCE_BYTES;
const WELCOME_BYTES = PROOF_AT + HELLO_PROOF_BYTES;

export interface Welcome {
  /** uint32; bits that we do not know mean nothing to us. */
  readonly features: number;
  /** HELLO_NONCE_BYTES. */
  readonly nonce: Uint8Array;
  /** HELLO_PROOF_BYTES. */
  readonly proof: Uint8Array;
}

export function encodeWelcome({ features, nonce, proof }: Welcome): Uint8Array {
  const bytes = new Uint8Array(WELCOME_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, WIRE_V2);
  view.setUint32(FEATURES_AT, features);
  bytes.set(nonce, NONCE_AT);
  bytes.set(proof, PROOF_AT);
  return bytes;
}

const WELCOME_SHAPE: HelloShape<Welcome> = {
  maxBytes: WELCOME_BYTES,
  neededBytes: (start): number | HelloErrorCode => {
    if (start.length === 0) return 1;
    return start[0] === WIRE_V2 ? WELCOME_BYTES : 'P2P_VERSION_UNSUPPORTED';
  },
  decode: (bytes) => ({
    features: new DataView(bytes.buffer, bytes.byteOffset).getUint32(FEATURES_AT),
    nonce: bytes.slice(NONCE_AT, PROOF_AT),
    proof: bytes.slice(PROOF_AT),
  }),
};

/** Reads one WELCOME; holds no more than that. */
export class WelcomeReader extends MessageReader<Welcome> {
  constructor() {
    super(WELCOME_SHAPE);
  }
}

const PROOF_SHAPE: HelloShape<Uint8Array> = {
  maxBytes: HELLO_PROOF_BYTES,
  neededBytes: () => HELLO_PROOF_BYTES,
  decode: (bytes) => bytes.slice(),
};

/** Reads one PROOF, whose bytes are the proof itself; holds no more than that. */
export class ProofReader extends MessageReader<Uint8Array> {
  constructor() {
    super(PROOF_SHAPE);
  }
}
