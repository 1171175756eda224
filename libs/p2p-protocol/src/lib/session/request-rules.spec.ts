import { describe, expect, it } from 'vitest';
import { Bitfield } from '../codec/bitfield.ts';
import type { WireVersion } from '../codec/messages.ts';
import type { ProtocolErrorCode } from '../errors.ts';
import { Fifo } from '../kernel/fifo.ts';
import { MAX_REQUEST_BYTES, V2_BLOCK_BYTES } from '../limits/limits.ts';
import type { PeerState } from './peer-state.ts';
import { RequestRules } from './request-rules.ts';
import { TaskGeometry } from './task-geometry.ts';

const PIECE_BYTES = 4 * V2_BLOCK_BYTES;

function violationOf(
  wire: WireVersion,
  blockBytes: number,
  length: number,
): ProtocolErrorCode | undefined {
  const geometry = new TaskGeometry({
    totalBytes: PIECE_BYTES,
    pieceBytes: PIECE_BYTES,
    blockBytes,
  });
  const rules = new RequestRules(geometry, Bitfield.full(1), wire);
  const peer = { pieces: Bitfield.empty(1), queue: new Fifo() } as unknown as PeerState;
  return rules.violation(peer, { piece: 0, begin: 0, length });
}

describe('the longest block that may be requested', () => {
  it.each<[string, WireVersion, number, number]>([
    ['the limit of v1', 1, V2_BLOCK_BYTES, MAX_REQUEST_BYTES],
    ['the block of v2', 2, V2_BLOCK_BYTES, V2_BLOCK_BYTES],
    ['the block of v2, though those of the task are smaller', 2, 64 * 1024, V2_BLOCK_BYTES],
    ['that of a simulated task whose blocks are whole pieces', 2, PIECE_BYTES, PIECE_BYTES],
  ])('is %s, and not a byte more', (_what, wire, blockBytes, longestBytes) => {
    expect(violationOf(wire, blockBytes, longestBytes)).toBeUndefined();
    expect(violationOf(wire, blockBytes, longestBytes + 1)).toBe('P2P_BLOCK_OUT_OF_RANGE');
  });
});
