import { describe, expect, it } from 'vitest';
import { PIECE_HEADER_BYTES } from '../codec/messages.ts';
import { NestedLimiter } from '../limits/nested-limiter.ts';
import { SEND_WINDOW_BYTES } from '../limits/limits.ts';
import {
  GcraLimiter,
  UNLIMITED,
  type RateLimiter,
  LIMITER_BURST_MS,
} from '../limits/rate-limiter.ts';
import { createPeerState, type PeerState } from '../session/peer-state.ts';
import { UploadQueue } from './upload-queue.ts';

const BLOCK_BYTES = 32 * 1024;
const BLOCKS_IN_WINDOW = SEND_WINDOW_BYTES / BLOCK_BYTES;

function aPeer(id: number): PeerState {
  return createPeerState(id, undefined, 0);
}

function addBlocks(queue: UploadQueue, peer: PeerState, count: number, from = 0): void {
  for (let piece = from; piece < from + count; piece++) {
    queue.add(peer, { piece, begin: 0, length: BLOCK_BYTES });
  }
}

/** All that may be sent now, as "peer:piece". */
function drain(queue: UploadQueue, nowMs = 0): string[] {
  const sent: string[] = [];
  for (let upload = queue.next(nowMs); upload; upload = queue.next(nowMs)) {
    sent.push(`${upload.peer.id}:${upload.block.piece}`);
  }
  return sent;
}

class CountingLimiter implements RateLimiter {
  readonly reserved: number[] = [];
  readyAtMs = 0;
  reserve(bytes: number): number {
    this.reserved.push(bytes);
    return this.readyAtMs;
  }
}

describe('UploadQueue', () => {
  it('lets peers take turns, each in the order of its own requests', () => {
    const queue = new UploadQueue(new NestedLimiter(UNLIMITED));
    const [one, two] = [aPeer(1), aPeer(2)];
    addBlocks(queue, one, 3);
    addBlocks(queue, two, 2);
    expect(drain(queue)).toEqual(['1:0', '2:0', '1:1', '2:1', '1:2']);
  });

  it('B23: fills the window of a peer that takes nothing, and goes on with the others', () => {
    const queue = new UploadQueue(new NestedLimiter(UNLIMITED));
    const [stuck, live] = [aPeer(1), aPeer(2)];
    addBlocks(queue, stuck, BLOCKS_IN_WINDOW + 10);
    expect(drain(queue)).toHaveLength(BLOCKS_IN_WINDOW);
    expect(stuck.inFlightBytes).toBe(SEND_WINDOW_BYTES);
    addBlocks(queue, live, 5);
    expect(drain(queue)).toEqual(['2:0', '2:1', '2:2', '2:3', '2:4']);
  });

  it('goes on with a peer as soon as its window has room', () => {
    const queue = new UploadQueue(new NestedLimiter(UNLIMITED));
    const peer = aPeer(1);
    addBlocks(queue, peer, BLOCKS_IN_WINDOW + 2);
    drain(queue);
    peer.inFlightBytes -= BLOCK_BYTES;
    expect(drain(queue)).toEqual([`1:${BLOCKS_IN_WINDOW}`]);
  });

  it('notes when a peer that had nothing in flight was sent something again', () => {
    const queue = new UploadQueue(new NestedLimiter(UNLIMITED));
    const peer = aPeer(1);
    addBlocks(queue, peer, 2);
    drain(queue, 700);
    expect(peer.tookAtMs).toBe(700);
    addBlocks(queue, peer, 1);
    drain(queue, 900);
    expect(peer.tookAtMs).toBe(700);
  });

  it('books one block ahead and no more, header included', () => {
    const limiter = new CountingLimiter();
    limiter.readyAtMs = 50;
    const queue = new UploadQueue(new NestedLimiter(limiter));
    addBlocks(queue, aPeer(1), 3);
    addBlocks(queue, aPeer(2), 3);
    expect(drain(queue, 0)).toEqual([]);
    expect(drain(queue, 49)).toEqual([]);
    expect(limiter.reserved).toEqual([BLOCK_BYTES + PIECE_HEADER_BYTES]);
    expect(queue.nextSendAtMs).toBe(50);
    expect(queue.next(50)?.peer.id).toBe(1);
  });

  it('gives the booking of a peer that is gone to the next in turn', () => {
    const limiter = new CountingLimiter();
    limiter.readyAtMs = 50;
    const queue = new UploadQueue(new NestedLimiter(limiter));
    const gone = aPeer(1);
    addBlocks(queue, gone, 1);
    addBlocks(queue, aPeer(2), 1);
    drain(queue, 0);
    queue.remove(gone);
    expect(queue.nextSendAtMs).toBe(50);
    expect(drain(queue, 50)).toEqual(['2:0']);
    expect(limiter.reserved).toHaveLength(1);
  });

  it('asks for no wake-up when the booking is left but nobody has room for a block', () => {
    const limiter = new CountingLimiter();
    const queue = new UploadQueue(new NestedLimiter(limiter));
    const [gone, full] = [aPeer(1), aPeer(2)];
    addBlocks(queue, full, BLOCKS_IN_WINDOW + 1);
    drain(queue, 0);
    limiter.readyAtMs = 50;
    addBlocks(queue, gone, 1);
    drain(queue, 0);
    expect(queue.nextSendAtMs).toBe(50);
    queue.remove(gone);
    expect(queue.nextSendAtMs).toBeUndefined();
    full.inFlightBytes = 0;
    expect(drain(queue, 60)).toEqual([`2:${BLOCKS_IN_WINDOW}`]);
  });

  it('sends at the rate of the limiter', () => {
    const bytesPerSecond = 10_000_000;
    const queue = new UploadQueue(new NestedLimiter(new GcraLimiter(bytesPerSecond)));
    const peer = aPeer(1);
    addBlocks(queue, peer, 1_000);
    let nowMs = 0;
    let sentBytes = 0;
    while (nowMs < 1_000) {
      sentBytes += drain(queue, nowMs).length * (BLOCK_BYTES + PIECE_HEADER_BYTES);
      peer.inFlightBytes = 0;
      nowMs = queue.nextSendAtMs ?? Infinity;
    }
    expect(sentBytes / bytesPerSecond).toBeGreaterThan(0.99);
    expect(sentBytes / bytesPerSecond).toBeLessThan(1.01 + LIMITER_BURST_MS / 1000);
  });

  it('forgets all requests of a peer that is removed', () => {
    const queue = new UploadQueue(new NestedLimiter(UNLIMITED));
    const peer = aPeer(1);
    addBlocks(queue, peer, 3);
    queue.remove(peer);
    queue.remove(peer);
    expect(drain(queue)).toEqual([]);
    addBlocks(queue, peer, 1, 7);
    expect(drain(queue)).toEqual(['1:7']);
  });
});
