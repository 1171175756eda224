/** Draws everything of a run from its seed: chain or mesh, task, links, and what goes wrong. */
import { createPrng, type Prng } from '@gofd/p2p-protocol';
import { drawFaultPlan } from './fault-plan.ts';
import type { SwarmOptions } from './swarm-options.ts';

const BLOCK_BYTES = 32 * 1024;
const MIN_AGENTS = 3;
const MAX_AGENTS = 12;
const MIN_PIECES = 20;
const MAX_PIECES = 60;
const MAX_BLOCKS_PER_PIECE = 8;
/** Every tenth task has pieces of 1 MiB, which fill the send window; they take longer to simulate. */
const SHARE_OF_LARGE_PIECES = 0.1;
const BLOCKS_OF_LARGE_PIECE = 32;
const MIN_LINK_BYTES_PER_SECOND = 4_000_000;
const MAX_LINK_BYTES_PER_SECOND = 40_000_000;
/** Every tenth host has a tenth of the rate. */
const SHARE_OF_SLOW_HOSTS = 0.1;
const SLOW_FACTOR = 0.1;
/** Faults fall into this many times the time of an undisturbed transfer. */
const FAULT_STRETCH = 2;

/** Blocks of a mesh: wire v2 has them larger, so that some pieces are one block. */
const MESH_BLOCK_BYTES = 64 * 1024;
const MAX_MESH_DEGREE = 6;
/** Every second mesh has a border between racks. */
const SHARE_OF_RACKED_MESHES = 0.5;
const MAX_RACKS = 4;

/** A chain over wire v1. */
export function drawScenario(seed: number): SwarmOptions {
  return drawTask(createPrng(seed ^ 0x5eed), seed, BLOCK_BYTES);
}

/** A mesh over wire v2, from nearly a chain to a complete one, with or without racks. */
export function drawMeshScenario(seed: number): SwarmOptions {
  const prng = createPrng(seed ^ 0x3e54);
  const task = drawTask(prng, seed, MESH_BLOCK_BYTES);
  const hostCount = task.linkBytesPerSecond.length;
  const meshDegree = between(prng, 1, Math.min(MAX_MESH_DEGREE, hostCount - 2));
  if (prng.next() >= SHARE_OF_RACKED_MESHES) return { ...task, meshDegree };
  const rackCount = between(prng, 2, MAX_RACKS);
  const racks = Array.from({ length: hostCount }, () => between(prng, 1, rackCount));
  return { ...task, meshDegree, racks };
}

function drawTask(prng: Prng, seed: number, blockBytes: number): SwarmOptions {
  const agentCount = between(prng, MIN_AGENTS, MAX_AGENTS);
  const blocksPerPiece =
    prng.next() < SHARE_OF_LARGE_PIECES
      ? BLOCKS_OF_LARGE_PIECE
      : between(prng, 1, MAX_BLOCKS_PER_PIECE);
  const pieceBytes = blockBytes * blocksPerPiece;
  const pieceCount = between(prng, MIN_PIECES, MAX_PIECES);
  const totalBytes = (pieceCount - 1) * pieceBytes + between(prng, 1, pieceBytes);
  const rate = between(prng, MIN_LINK_BYTES_PER_SECOND, MAX_LINK_BYTES_PER_SECOND);
  const idealMs = (1_000 * totalBytes) / rate;
  return {
    seed,
    sizes: { totalBytes, pieceBytes, blockBytes },
    latencyMs: between(prng, 1, 40) / 10,
    linkBytesPerSecond: Array.from({ length: agentCount + 1 }, () =>
      prng.next() < SHARE_OF_SLOW_HOSTS ? SLOW_FACTOR * rate : rate,
    ),
    uploadBytesPerSecond: prng.next() < 0.5 ? rate : rate * (0.3 + prng.next()),
    writeMs: between(prng, 0, 20),
    startsWithinMs: between(prng, 0, 500),
    faults: drawFaultPlan(prng, { agentCount, withinMs: Math.ceil(FAULT_STRETCH * idealMs) }),
  };
}

/** An integer in [low, high]. */
function between(prng: Prng, low: number, high: number): number {
  return low + Math.floor(prng.next() * (high - low + 1));
}
