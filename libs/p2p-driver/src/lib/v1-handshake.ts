/** The fleet's credentials as the data port uses them: our header, and the check of others'. */
import {
  constantTimeEqual,
  createHeaderProof,
  ProofCache,
  type HeaderProof,
} from '@gofd/auth-crypto';
import { encodeHeader, type PeerHeader } from '@gofd/p2p-protocol';

export interface PeerCredentials {
  readonly username: string;
  readonly password: string;
}

export class V1Handshake {
  readonly #username: string;
  /** Made once: the proof is bound to no connection, so a fresh one each time would buy nothing. */
  readonly #proof: HeaderProof;
  readonly #known: ProofCache;

  constructor({ username, password }: PeerCredentials) {
    this.#username = username;
    this.#proof = createHeaderProof(password);
    this.#known = new ProofCache(password);
  }

  /** The encoded header of a task; undefined when id and user name are too long for one. */
  headerFor(taskId: string): Uint8Array | undefined {
    return encodeHeader({ taskId, username: this.#username, ...this.#proof });
  }

  async authenticate(header: PeerHeader): Promise<boolean> {
    return constantTimeEqual(header.username, this.#username) && (await this.#known.verify(header));
  }
}
