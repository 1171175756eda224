/**
 * A task that no measurement comes to the end of, without a disk and without memory: every piece holds
 * the same bytes. Who serves it copies them into each buffer, who receives it compares each buffer with
 * them, so every byte that is counted is a right one.
 */
import { DataPlane, type DataPlaneOptions, type TaskSecurity } from '@gofd/p2p-driver';
import { TaskGeometry, V2_BLOCK_BYTES } from '@gofd/p2p-protocol';
import type { PieceStore } from '@gofd/piece-store';

export const TASK_ID = 'limiter';
export const HOST = '127.0.0.1';
const PIECE_BYTES = 1024 * 1024;
/** 128 GiB for each receiver. */
const PIECE_COUNT = 128 * 1024;
/** Odd, so that no run of bytes is the next piece's or block's. */
const PATTERN_FACTOR = 167;
const PATTERN_MODULUS = 251;

export const ENDLESS_TASK = new TaskGeometry({
  totalBytes: PIECE_BYTES * PIECE_COUNT,
  pieceBytes: PIECE_BYTES,
  blockBytes: V2_BLOCK_BYTES,
});

function createPiece(): Buffer {
  const bytes = Buffer.alloc(PIECE_BYTES);
  for (let at = 0; at < PIECE_BYTES; at += 1) bytes[at] = (at * PATTERN_FACTOR) % PATTERN_MODULUS;
  return bytes;
}

export class EndlessStore implements PieceStore {
  readonly #piece = createPiece();
  #wrongPieces = 0;

  /** Of those that were received. */
  get wrongPieces(): number {
    return this.#wrongPieces;
  }

  read(_piece: number, target: Buffer): Promise<void> {
    this.#piece.copy(target);
    return Promise.resolve();
  }

  write(_piece: number, bytes: Buffer): Promise<boolean> {
    const isRight = bytes.equals(this.#piece);
    if (!isRight) this.#wrongPieces += 1;
    return Promise.resolve(isRight);
  }
}

/** @param keyHex of wire v2 */
export function securityOf(keyHex: string): TaskSecurity {
  return { version: 2, key: Buffer.from(keyHex, 'hex') };
}

type PlaneLimits = Pick<DataPlaneOptions, 'cacheBytes' | 'uploadBytesPerSecond'>;

/** Version 2 only: nobody comes with a password. */
export function createPlane(limits: PlaneLimits): DataPlane {
  return new DataPlane({
    ...limits,
    authenticate: () => Promise.resolve(false),
    headerFor: () => undefined,
    parseAddress: (address) => {
      const [host = '', port] = address.split(':');
      return { host, port: Number(port) };
    },
    refused: () => undefined,
  });
}
