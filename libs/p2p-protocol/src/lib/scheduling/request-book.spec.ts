import { describe, expect, it } from 'vitest';
import type { BlockRef } from '../codec/messages.ts';
import { TaskGeometry } from '../session/task-geometry.ts';
import { RequestBook } from './request-book.ts';

const ALICE = 1;
const BOB = 2;

/** 3 pieces: 10, 10 and 7 bytes, in blocks of 4. */
function aBook(): RequestBook {
  return new RequestBook(new TaskGeometry({ totalBytes: 27, pieceBytes: 10, blockBytes: 4 }));
}

describe('RequestBook', () => {
  it('lists the blocks of a piece in order, the last one shorter', () => {
    expect(aBook().open(2, ALICE, 0)).toEqual([
      { piece: 2, begin: 0, length: 4 },
      { piece: 2, begin: 4, length: 3 },
    ]);
  });

  it('admits each block once, and completes with the last that is received', () => {
    const book = aBook();
    const blocks = book.open(0, ALICE, 0);
    const admitAll = (): string[] => blocks.map((block) => book.admit(ALICE, block));
    expect(admitAll()).toEqual(['wanted', 'wanted', 'wanted']);
    expect(admitAll()).toEqual(['unrequested', 'unrequested', 'unrequested']);
    const completed = blocks.map((block) => book.receive(ALICE, block, 5)?.piece);
    expect(completed).toEqual([undefined, undefined, 0]);
    expect(book.countOf(ALICE)).toBe(0);
  });

  it.each([
    ['a piece that nobody was asked for', { piece: 1, begin: 0, length: 4 }],
    ['a piece that does not exist', { piece: 99, begin: 0, length: 4 }],
    ['a begin between blocks', { piece: 0, begin: 2, length: 4 }],
    ['a begin past the piece', { piece: 0, begin: 12, length: 4 }],
    ['a begin far past the piece', { piece: 0, begin: 0xffff_ffff, length: 4 }],
    ['a length that is short', { piece: 0, begin: 0, length: 3 }],
    ['a length that is long', { piece: 0, begin: 0, length: 5 }],
    ['a full block where the last one is shorter', { piece: 0, begin: 8, length: 4 }],
  ])('B52: does not admit %s', (_what, block) => {
    const book = aBook();
    book.open(0, ALICE, 0);
    expect(book.admit(ALICE, block)).toBe('unrequested');
  });

  it('B64: does not admit a block from another peer than the one that was asked', () => {
    const book = aBook();
    const [block] = book.open(0, ALICE, 0);
    expect(block && book.admit(BOB, block)).toBe('unrequested');
    expect(block && book.receive(BOB, block, 0)).toBeUndefined();
  });

  it('does not count a block that was never admitted', () => {
    const book = aBook();
    const blocks = book.open(2, ALICE, 0);
    expect(blocks.map((block) => book.receive(ALICE, block, 0))).toEqual([undefined, undefined]);
    expect(book.countOf(ALICE)).toBe(1);
  });

  it('releases what a lost peer was asked for, oldest first, and nothing of others', () => {
    const book = aBook();
    book.open(2, ALICE, 0);
    book.open(0, ALICE, 0);
    const [block] = book.open(1, BOB, 0);
    expect(book.releasePeer(ALICE)).toEqual([2, 0]);
    expect(book.releasePeer(ALICE)).toEqual([]);
    expect(block && book.admit(BOB, block)).toBe('wanted');
  });

  it('waits since the oldest piece was asked for, gained a block, or became the oldest', () => {
    const book = aBook();
    expect(book.waitingSinceMs(ALICE)).toBeUndefined();
    const blocks = book.open(0, ALICE, 100);
    book.open(1, ALICE, 200);
    expect(book.waitingSinceMs(ALICE)).toBe(100);
    for (const [index, block] of blocks.entries()) {
      book.admit(ALICE, block);
      book.receive(ALICE, block, 300 + index);
      if (index === 0) expect(book.waitingSinceMs(ALICE)).toBe(300);
    }
    expect(book.waitingSinceMs(ALICE)).toBe(302);
  });

  it('expects the blocks of a cancelled piece, wants none of them, and forgets it with the last', () => {
    const book = aBook();
    const blocks = book.open(0, ALICE, 0);
    expect(book.cancel(ALICE, 0)).toBe(true);
    expect(book.cancel(ALICE, 0)).toBe(false);
    expect(book.countOf(ALICE)).toBe(0);
    expect(book.bytesOf(ALICE)).toBe(0);
    expect(blocks.map((block) => book.admit(ALICE, block))).toEqual(Array(3).fill('cancelled'));
    expect(blocks.map((block) => book.admit(ALICE, block))).toEqual(Array(3).fill('unrequested'));
  });

  it('expects no block of a piece any more that was rejected', () => {
    const book = aBook();
    const [block] = book.open(0, ALICE, 0);
    expect(book.reject(ALICE, 0)).toBe(true);
    expect(book.reject(ALICE, 0)).toBe(false);
    expect(block && book.admit(ALICE, block)).toBe('unrequested');
    expect(book.isEmpty).toBe(true);
  });

  it('does not expect a block again that was coming in when its piece was cancelled', () => {
    const book = aBook();
    const [first, second] = book.open(2, ALICE, 0) as [BlockRef, BlockRef];
    book.admit(ALICE, first);
    book.cancel(ALICE, 2);
    expect(book.admit(ALICE, first)).toBe('unrequested');
    expect(book.admit(ALICE, second)).toBe('cancelled');
    expect(book.has(ALICE, 2)).toBe(false);
  });

  it('lets one piece be asked of two, and counts each by itself', () => {
    const book = aBook();
    book.open(0, ALICE, 0);
    book.open(0, BOB, 0);
    expect(book.askedOf(0)).toEqual([ALICE, BOB]);
    book.cancel(ALICE, 0);
    expect(book.askedOf(0)).toEqual([BOB]);
    expect(book.releasePeer(ALICE)).toEqual([]);
    expect(book.releasePeer(BOB)).toEqual([0]);
  });

  it('counts the bytes that are still to come', () => {
    const book = aBook();
    const [block] = book.open(0, ALICE, 0) as [BlockRef];
    expect(book.bytesOf(ALICE)).toBe(10);
    book.admit(ALICE, block);
    book.receive(ALICE, block, 1);
    expect(book.bytesOf(ALICE)).toBe(6);
  });
});
