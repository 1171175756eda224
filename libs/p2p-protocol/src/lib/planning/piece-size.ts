/**
 * How large the pieces of a task are. A mesh takes F/B + a·log2 N·p/B + (F/p)·κ: the bytes over one
 * link, the filling of the pipeline, and a fixed cost for each piece. Its least is at
 * p = √(F·B·κ/(a·log2 N)); and the filling stays below 2 % when p ≤ F/(130·log2 N).
 * F total bytes, B bytes per second of one host's link, N hosts, p bytes of a piece.
 */

/** Pieces that the pipeline holds per doubling of the swarm: a, from simulated pull meshes. */
const PIECES_PER_DOUBLING = 2.6;

/** κ: processor time and latency that a piece costs whatever its size. */
const PIECE_COST_SECONDS = 100e-6;

/** a / 2 %: pieces per doubling of the swarm at which filling the pipeline costs 2 %. */
const MIN_PIECES_PER_DOUBLING = 130;

/** Smaller pieces cost more in messages than they save in waiting. */
export const MIN_PIECE_BYTES = 64 * 1024;

/** Larger pieces gain little, a block is what costs, and a host holds several of them in memory. */
export const USUAL_MAX_PIECE_BYTES = 4 * 1024 * 1024;

/** Size that pieces grow to only to keep their number within MAX_PIECES. */
export const MAX_PIECE_BYTES = 64 * 1024 * 1024;

/**
 * Pieces of one task: 32 MiB of BLAKE3 digests in its manifest. Reached at 4 TiB; from there pieces
 * grow, and a task above 64 TiB has more than this and is refused by the manifest's own limit.
 */
export const MAX_PIECES = 2 ** 20;

export interface PieceSizeInputs {
  readonly totalBytes: number;
  readonly memberCount: number;
  /** Expected rate of one host's link; Infinity when nothing is known or limited. */
  readonly bytesPerSecond: number;
}

/** @returns a power of two, MIN_PIECE_BYTES to MAX_PIECE_BYTES */
export function choosePieceBytes(inputs: PieceSizeInputs): number {
  const { totalBytes, bytesPerSecond } = inputs;
  if (totalBytes <= MIN_PIECE_BYTES) return MIN_PIECE_BYTES;
  const doublings = Math.max(1, Math.log2(inputs.memberCount));
  const best = Math.sqrt(
    (totalBytes * bytesPerSecond * PIECE_COST_SECONDS) / (PIECES_PER_DOUBLING * doublings),
  );
  const filling = totalBytes / (MIN_PIECES_PER_DOUBLING * doublings);
  const wanted = Math.min(
    2 ** Math.round(Math.log2(clamp(best))),
    2 ** Math.floor(Math.log2(clamp(filling))),
  );
  const needed = 2 ** Math.ceil(Math.log2(Math.max(1, totalBytes / MAX_PIECES)));
  return Math.min(MAX_PIECE_BYTES, Math.max(wanted, needed));
}

function clamp(bytes: number): number {
  return Math.min(USUAL_MAX_PIECE_BYTES, Math.max(MIN_PIECE_BYTES, bytes));
}
