/**
 * Which host of a rack fetches a piece from outside, so that each piece crosses the border once. All
 * hosts compute the same answer without a word: each member has a score for each piece, and the
 * highest is the entry (rendezvous hashing, Thaler and Ravishankar 1998). The pieces are spread evenly;
 * when a member goes, only its pieces get another entry, spread over all that remain.
 */

/** One hash for each member, in the order of the rack's list; made once for a task. */
export function hashMembers(addresses: readonly string[]): Uint32Array {
  return Uint32Array.from(addresses, hashText);
}

/** @returns indices of the members: the entry for this piece, then who takes its place in turn */
export function entryOrder(piece: number, memberHashes: Uint32Array): number[] {
  return Array.from(memberHashes, (hash, index) => ({ index, score: scoreOf(piece, hash) }))
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .map(({ index }) => index);
}

/**
 * @param self index of a member in the rack's list; one that is not in it comes after all
 * @returns how many members come before this one in the piece's entry order; 0 for the entry
 */
export function entryRank(piece: number, memberHashes: Uint32Array, self: number): number {
  const ownHash = memberHashes[self];
  if (ownHash === undefined) return memberHashes.length;
  const own = scoreOf(piece, ownHash);
  let rank = 0;
  memberHashes.forEach((hash, index) => {
    const score = scoreOf(piece, hash);
    if (score > own || (score === own && index < self)) rank++;
  });
  return rank;
}

/**
 * Whether a member may fetch this piece from outside the rack.
 * @param self index of the member in the rack's list
 * @param rank how many entries have let their time pass: each of them may, and the next one;
 *   0 is the entry alone
 */
export function isEntry(piece: number, memberHashes: Uint32Array, self: number, rank = 0): boolean {
  return entryRank(piece, memberHashes, self) <= rank;
}

function scoreOf(piece: number, memberHash: number): number {
  return mix(memberHash ^ mix(piece + 1));
}

/** FNV-1a, 32 bits, over UTF-16 units; mixed, because similar addresses stay similar in it. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return mix(hash);
}

/** Finalizer of MurmurHash3 (Austin Appleby, public domain): each bit in moves each bit out. */
function mix(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
