/**
 * The handshake of wire v1 (docs/protocol.md, 3.1): a header with the fleet's credentials, answered by
 * one byte. The header is good for any task and any connection, so it opens only tasks that run v1.
 */
import {
  constantTimeEqual,
  createHeaderProof,
  ProofCache,
  type HeaderProof,
} from '@gofd/auth-crypto';
import { encodeHeader, HEADER_ACCEPTED, HeaderReader, type PeerHeader } from '@gofd/p2p-protocol';
import {
  NO_BYTES,
  type DiallingHandshake,
  type DiallingStep,
  type ListeningHandshake,
  type ListeningStep,
  type ListeningVerdict,
  type SecurityOf,
} from './handshake.port.ts';

export interface PeerCredentials {
  readonly username: string;
  readonly password: string;
}

/** The fleet's credentials as the data port uses them: our header, and the check of others'. */
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

export class V1Dialling implements DiallingHandshake {
  readonly opening: Uint8Array;

  /** @param header the encoded header */
  constructor(header: Uint8Array) {
    this.opening = header;
  }

  push(bytes: Uint8Array): DiallingStep {
    if (bytes[0] !== HEADER_ACCEPTED) {
      return { state: 'refused', message: 'answered the handshake with something else' };
    }
    return { state: 'accepted', send: NO_BYTES, rest: bytes.subarray(1) };
  }
}

export interface V1ListeningOptions {
  /** Checks user name and digest; slow work must not block. */
  readonly authenticate: (header: PeerHeader) => Promise<boolean>;
  readonly securityOf: SecurityOf;
}

export class V1Listening implements ListeningHandshake {
  readonly #options: V1ListeningOptions;
  readonly #reader = new HeaderReader();

  constructor(options: V1ListeningOptions) {
    this.#options = options;
  }

  push(bytes: Uint8Array): ListeningStep {
    const result = this.#reader.push(bytes);
    switch (result.state) {
      case 'incomplete':
        return { state: 'pending', send: NO_BYTES };
      case 'complete':
        // Copied: what is fed need not outlive the call, and the check does.
        return {
          state: 'checking',
          verdict: this.#check(result.header, Uint8Array.from(result.rest)),
        };
      case 'rejected': {
        const isMalformed = result.code === 'P2P_BAD_HEADER';
        return { state: 'refused', code: isMalformed ? result.code : 'P2P_HEADER_TOO_LARGE' };
      }
    }
  }

  async #check(header: PeerHeader, rest: Uint8Array): Promise<ListeningVerdict> {
    const isProven = await this.#options.authenticate(header).catch(() => false);
    if (!isProven) return { state: 'refused', code: 'P2P_AUTH_FAILED' };
    const peer = { taskId: header.taskId, stream: 'content', agentId: '' } as const;
    const security = this.#options.securityOf(peer.taskId, peer.stream);
    if (!security) return { state: 'refused', code: 'P2P_TASK_UNKNOWN' };
    if (security.version !== 1) return { state: 'refused', code: 'P2P_VERSION_MISMATCH' };
    return { state: 'accepted', peer, send: Uint8Array.of(HEADER_ACCEPTED), rest };
  }
}
