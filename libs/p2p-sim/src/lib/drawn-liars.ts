/** Which agents of a mesh lie, and how: drawn, so that lies meet each other and every fault. */
import type { Prng } from '@gofd/p2p-protocol';
import { onceReady, piecesOf, rawFrame, rawPiece, sayAll, whenAsked } from './liar-scripts.ts';
import type { LiarScript } from './lying-peer.ts';

const MAX_LIAR_SHARE = 1 / 3;
const NO_SUCH_ID = 4;

const SCRIPTS: readonly LiarScript[] = [
  whenAsked(({ giveBlock }, block) => giveBlock(block, 'bad')),
  whenAsked(({ giveBlock }, block) =>
    giveBlock(block, (block.piece + block.begin) % 3 === 0 ? 'bad' : 'good'),
  ),
  whenAsked(() => undefined),
  whenAsked(({ say }, { piece }) => say({ type: 'reject', piece })),
  onceReady((connection) => {
    for (const piece of piecesOf(connection)) connection.say({ type: 'have', piece });
  }),
  onceReady(({ write }) => write(new Uint8Array(4).fill(0xff))),
  onceReady(({ write }) => write(rawFrame(NO_SUCH_ID, []))),
  onceReady(({ write, geometry }) => write(rawPiece(0, 0, geometry.blockLength(0, 0)))),
  onceReady(({ say, geometry }) => say({ type: 'have', piece: geometry.pieceCount })),
  (connection) => void sayAll(connection),
  () => undefined,
];

/** @returns the script of each agent that lies, by host; at least two thirds are honest */
export function drawLiars(prng: Prng, agentCount: number): ReadonlyMap<number, LiarScript> {
  const most = Math.floor(agentCount * MAX_LIAR_SHARE);
  const count = Math.floor(prng.next() * (most + 1));
  const liars = new Map<number, LiarScript>();
  for (let drawn = 0; drawn < count; drawn++) {
    const host = 1 + Math.floor(prng.next() * agentCount);
    const script = SCRIPTS[Math.floor(prng.next() * SCRIPTS.length)];
    if (script) liars.set(host, script);
  }
  return liars;
}
