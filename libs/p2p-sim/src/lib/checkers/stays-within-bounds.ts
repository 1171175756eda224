/** The named limits hold: pieces asked for, bytes in flight, requests that wait, peers. */
import {
  MAX_PEERS_PER_TASK,
  MAX_QUEUED_REQUESTS,
  SEND_WINDOW_BYTES,
  V2_BLOCK_BYTES,
  WINDOW_PIECES,
  type SessionEffect,
  type SessionEvent,
  type TaskGeometry,
} from '@gofd/p2p-protocol';
import type { Checker, Step } from './checker.ts';

/** What one process has outstanding with one peer. */
class Account {
  /** Bytes still missing of each piece that was asked for. */
  readonly missingBytes = new Map<number, number>();
  inFlightBytes = 0;
  queuedRequests = 0;

  problem(): string | undefined {
    if (this.missingBytes.size > WINDOW_PIECES) {
      return `asks one peer for ${this.missingBytes.size} pieces at once`;
    }
    if (this.inFlightBytes > SEND_WINDOW_BYTES + V2_BLOCK_BYTES) {
      return `has ${this.inFlightBytes} bytes in flight to one peer`;
    }
    if (this.queuedRequests > MAX_QUEUED_REQUESTS) {
      return `keeps ${this.queuedRequests} requests of one peer waiting`;
    }
    return undefined;
  }
}

export class StaysWithinBounds implements Checker {
  readonly concern = 'brokenRule';
  readonly #geometry: TaskGeometry;
  readonly #accounts = new Map<string, Map<number, Account>>();

  constructor(geometry: TaskGeometry) {
    this.#geometry = geometry;
  }

  check({ process, event, effects }: Step): string | undefined {
    const accounts = this.#accounts.get(process.name) ?? new Map<number, Account>();
    this.#accounts.set(process.name, accounts);
    applyEvent(event, accounts);
    for (const effect of effects) this.#applyEffect(effect, accounts);
    if (accounts.size > MAX_PEERS_PER_TASK + 1) return `keeps ${accounts.size} peers`;
    for (const account of accounts.values()) {
      const problem = account.problem();
      if (problem) return problem;
    }
    return undefined;
  }

  #applyEffect(effect: SessionEffect, accounts: Map<number, Account>): void {
    if (!('peer' in effect)) return;
    const account = accounts.get(effect.peer);
    if (effect.type === 'close') accounts.delete(effect.peer);
    else if (!account) return;
    else if (effect.type === 'sendBlock') {
      account.inFlightBytes += effect.length;
      account.queuedRequests -= 1;
    } else if (effect.type === 'send' && effect.message.type === 'cancel') {
      account.missingBytes.delete(effect.message.piece);
    } else if (effect.type === 'send' && effect.message.type === 'request') {
      const { piece } = effect.message;
      if (!account.missingBytes.has(piece)) {
        account.missingBytes.set(piece, this.#geometry.pieceLength(piece));
      }
    }
  }
}

function applyEvent(event: SessionEvent, accounts: Map<number, Account>): void {
  if (!('peer' in event)) return;
  const account = accounts.get(event.peer);
  if (event.type === 'peerConnected') accounts.set(event.peer, new Account());
  else if (event.type === 'peerClosed') accounts.delete(event.peer);
  else if (!account) return;
  else if (event.type === 'blockSent') account.inFlightBytes -= event.length;
  else if (event.type === 'requestReceived') account.queuedRequests += 1;
  else if (event.type === 'rejectReceived') account.missingBytes.delete(event.piece);
  else if (event.type === 'blockReceived') {
    const missing = (account.missingBytes.get(event.piece) ?? 0) - event.length;
    if (missing > 0) account.missingBytes.set(event.piece, missing);
    else account.missingBytes.delete(event.piece);
  }
}
