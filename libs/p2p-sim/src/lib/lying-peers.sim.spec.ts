/**
 * One peer of a mesh lies. The others are all connected to it, complete all the same with nothing wrong
 * on their disks (the checkers see to that), and lose a bounded amount of time and bytes.
 */
import type { ProtocolErrorCode } from '@gofd/p2p-protocol';
import { describe, expect, it } from 'vitest';
import {
  onceReady,
  onMessage,
  piecesOf,
  rawFrame,
  rawPiece,
  rawRequest,
  sayAll,
  sayNothing,
  whenAsked,
} from './liar-scripts.ts';
import type { LiarScript } from './lying-peer.ts';
import { simulateSwarm } from './sim-swarm.ts';
import type { SwarmResult } from './swarm-options.ts';

const KIB = 1_024;
const RATE = 25_000_000;
const BLOCK_BYTES = 64 * KIB;
const PIECE_BYTES = 4 * BLOCK_BYTES;
const PIECES = 256;
const TOTAL_BYTES = PIECES * PIECE_BYTES;
const AGENTS = 9;
const LIAR = 4;
const MAX_HAVE_MANY = 1_024;

/** Everybody is a source of everybody. */
function aMesh(agentCount: number, liars: ReadonlyMap<number, LiarScript>): SwarmResult {
  return simulateSwarm({
    seed: 1,
    sizes: { totalBytes: TOTAL_BYTES, pieceBytes: PIECE_BYTES, blockBytes: BLOCK_BYTES },
    latencyMs: 0.2,
    linkBytesPerSecond: Array<number>(agentCount + 1).fill(RATE),
    uploadBytesPerSecond: Infinity,
    writeMs: 1,
    startsWithinMs: 0,
    faults: [],
    meshDegree: agentCount - 1,
    liars,
  });
}

function rawRequests(count: number): Uint8Array {
  const frames = Array.from({ length: count }, (_, index) =>
    rawRequest(index % PIECES, 0, BLOCK_BYTES),
  );
  return Buffer.concat(frames);
}

/** Fetches what the server shows it, says so, and gives it to nobody. */
const hoard: LiarScript = (connection) => {
  sayNothing(connection);
  const { isToServer, say, geometry } = connection;
  if (!isToServer) return undefined;
  const receivedBytes = new Map<number, number>();
  return (frame) => {
    if (frame.kind === 'block') {
      const { piece, length } = frame.block;
      const bytes = (receivedBytes.get(piece) ?? 0) + length;
      receivedBytes.set(piece, bytes);
      if (bytes === geometry.pieceLength(piece)) say({ type: 'have', piece });
    } else if (frame.kind === 'control' && frame.message.type === 'have') {
      const { piece } = frame.message;
      for (let block = 0; block < geometry.blockCount(piece); block++) {
        const length = geometry.blockLength(piece, block);
        say({ type: 'request', piece, begin: block * BLOCK_BYTES, length });
      }
    }
  };
};

interface Damage {
  /** Of the last honest agent, against a swarm without the liar. */
  readonly delayMs: number;
  /** The most that one honest agent let in beyond the task. */
  readonly wastedPieces: number;
  /** Times the task that the server sent. */
  readonly egress: number;
}

function lastCompletedAtMs(result: SwarmResult): number {
  const honest = result.agents.filter(({ state }) => state !== 'liar');
  return Math.max(...honest.map(({ completedAtMs = Infinity }) => completedAtMs));
}

function damageOf(result: SwarmResult, undisturbedMs: number): Damage {
  const honest = result.agents.filter(({ state }) => state !== 'liar');
  const wastedBytes = honest.map(({ receivedBytes }) => receivedBytes - TOTAL_BYTES);
  return {
    delayMs: lastCompletedAtMs(result) - undisturbedMs,
    wastedPieces: Math.max(...wastedBytes) / PIECE_BYTES,
    egress: result.serverSentBytes / TOTAL_BYTES,
  };
}

/** What a lie may cost each of the others at most, and the server; measured 2 to 3 times lower. */
const NOTHING: Damage = { delayMs: 1_000, wastedPieces: 3, egress: 1.05 };
/** Three strikes, and of each connection what was under way. */
const STRIKES: Damage = { delayMs: 1_000, wastedPieces: 6, egress: 1.05 };
/** Three deadlines of a second, whatever the size of the task. */
const DEADLINES: Damage = { delayMs: 3_500, wastedPieces: 3, egress: 1.05 };
/** The one that cannot be told from a slow agent: its share of the pieces comes from the server. */
const LAST_RESORT: Damage = { delayMs: 10_000, wastedPieces: 3, egress: 2.2 };

type Case = readonly [
  what: string,
  script: LiarScript,
  code: ProtocolErrorCode | undefined,
  most: Damage,
];

const CASES: readonly Case[] = [
  [
    'sends wrong bytes',
    whenAsked(({ giveBlock }, block) => giveBlock(block, 'bad')),
    'P2P_BAD_PIECE',
    STRIKES,
  ],
  [
    'sends wrong bytes in every third block',
    whenAsked(({ giveBlock }, block) =>
      giveBlock(block, (block.piece + block.begin) % 3 === 0 ? 'bad' : 'good'),
    ),
    'P2P_BAD_PIECE',
    STRIKES,
  ],
  [
    'claims by its bitfield what it never gives',
    whenAsked(() => undefined),
    'P2P_REQUEST_TIMEOUT',
    DEADLINES,
  ],
  [
    'claims by HAVE what it never gives',
    onceReady((connection) => {
      for (const piece of piecesOf(connection)) connection.say({ type: 'have', piece });
    }),
    'P2P_REQUEST_TIMEOUT',
    DEADLINES,
  ],
  // Longer than the task takes; its end is tested on the wire.
  ['never says what it has', () => undefined, undefined, NOTHING],
  [
    'rejects every request',
    whenAsked(({ say }, { piece }) => say({ type: 'reject', piece })),
    'P2P_STARVED',
    NOTHING,
  ],
  [
    'rejects every request and claims the piece again',
    whenAsked(({ say }, { piece }) => {
      say({ type: 'reject', piece });
      say({ type: 'have', piece });
    }),
    'P2P_STARVED',
    NOTHING,
  ],
  [
    'trickles a block at a time',
    whenAsked(({ giveBlock, after }, block) =>
      after(900 * (1 + block.begin / BLOCK_BYTES), () => giveBlock(block, 'good')),
    ),
    undefined,
    DEADLINES,
  ],
  [
    'asks for a piece that the task has not',
    onceReady(({ write }) => write(rawRequest(PIECES, 0, 1))),
    'P2P_PIECE_OUT_OF_RANGE',
    NOTHING,
  ],
  [
    'asks for bytes past the end of a piece',
    onceReady(({ write }) => write(rawRequest(0, PIECE_BYTES - 1, 2))),
    'P2P_BLOCK_OUT_OF_RANGE',
    NOTHING,
  ],
  [
    'asks for what the far end lacks',
    onceReady(({ write }) => write(rawRequest(PIECES - 1, 0, BLOCK_BYTES))),
    'P2P_PIECE_NOT_OWNED',
    NOTHING,
  ],
  [
    'asks for everything a thousand times',
    onceReady(({ isToServer, write }) => {
      if (isToServer) write(rawRequests(1_000 * PIECES));
    }),
    'P2P_TOO_MANY_REQUESTS',
    NOTHING,
  ],
  [
    'floods with HAVEs of one piece',
    onceReady(({ say }) => {
      const pieces = Array<number>(MAX_HAVE_MANY).fill(1);
      for (let count = 0; count < 50; count++) say({ type: 'haveMany', pieces });
    }),
    'P2P_REQUEST_TIMEOUT',
    DEADLINES,
  ],
  [
    'says HAVE of a piece that the task has not',
    onceReady(({ say }) => say({ type: 'have', piece: PIECES })),
    'P2P_PIECE_OUT_OF_RANGE',
    NOTHING,
  ],
  [
    'announces a frame of 4 GiB',
    onceReady(({ write }) => write(new Uint8Array(4).fill(0xff))),
    'P2P_FRAME_TOO_LARGE',
    NOTHING,
  ],
  [
    'sends ids that nobody knows yet',
    onceReady(({ write }) => {
      for (let id = 20; id < 256; id++) write(rawFrame(id, [1, 2, 3]));
    }),
    undefined,
    NOTHING,
  ],
  [
    'sends an id that nobody will ever know',
    onceReady(({ write }) => write(rawFrame(4, []))),
    'P2P_UNKNOWN_MESSAGE',
    NOTHING,
  ],
  [
    'says GOODBYE and goes on',
    onceReady((connection) => {
      connection.say({ type: 'goodbye', reason: 0 });
      for (const piece of piecesOf(connection)) connection.say({ type: 'have', piece });
    }),
    'P2P_REQUEST_TIMEOUT',
    DEADLINES,
  ],
  [
    'sends a bitfield of another length',
    ({ write }) => void write(rawFrame(1, [0, 0, 0])),
    'P2P_BAD_LENGTH',
    NOTHING,
  ],
  ['sends its bitfield twice', onceReady(sayNothing), 'P2P_BITFIELD_REPEATED', NOTHING],
  [
    'sends data that nobody asked for',
    onceReady(({ write }) => write(rawPiece(0, 0, BLOCK_BYTES))),
    'P2P_BLOCK_UNREQUESTED',
    NOTHING,
  ],
  [
    'tells the server at once that it has what it was shown',
    (connection) => {
      sayNothing(connection);
      return onMessage((message) => {
        if (connection.isToServer && message.type === 'have') connection.say(message);
      });
    },
    undefined,
    NOTHING,
  ],
  [
    'tells the server that it has everything',
    (connection) => {
      if (connection.isToServer) sayAll(connection);
      else sayNothing(connection);
      return undefined;
    },
    undefined,
    NOTHING,
  ],
  ['takes what the server shows it and gives it to nobody', hoard, undefined, LAST_RESORT],
  [
    'tells everybody, the server too, that it has everything',
    (connection) => void sayAll(connection),
    'P2P_REQUEST_TIMEOUT',
    DEADLINES,
  ],
];

describe('a mesh with a peer that', () => {
  const undisturbedMs = lastCompletedAtMs(aMesh(AGENTS - 1, new Map()));

  it.each(CASES)('%s', (_what, script, code, most) => {
    const result = aMesh(AGENTS, new Map([[LIAR, script]]));
    expect(result.violations).toEqual([]);
    const states = result.agents.map(({ state }) => state).filter((state) => state !== 'liar');
    expect(states).toEqual(Array(AGENTS - 1).fill('complete'));
    const damage = damageOf(result, undisturbedMs);
    expect(damage.delayMs).toBeLessThan(most.delayMs);
    expect(damage.wastedPieces).toBeLessThanOrEqual(most.wastedPieces);
    expect(damage.egress).toBeLessThanOrEqual(most.egress);
    const codes = [...result.closings.keys()].filter((closing) => closing !== 'P2P_TASK_ENDED');
    expect(codes).toEqual(code === undefined ? [] : [code]);
  });
});
