/**
 * How many links a member of a mesh has, and how many of them cross the border of its rack. Everybody
 * pulls from everybody while the swarm is small; beyond, a random graph of logarithmic degree spreads
 * a piece in about log(members) steps at a cost that grows with members · degree only.
 * Degrees: simulation of pull meshes, 16 to 512 members; 16 suffice to 1000.
 */

/** Up to here everybody pulls from everybody. */
export const FULL_MESH_MEMBERS = 17;

/** Least number of sources that are connected at once in a sparse mesh. */
const MIN_DEGREE = 8;

/** Sources per doubling of the swarm. */
const DEGREE_PER_DOUBLING = 2;

/** Spares per connected source: half of a member's sources may die before the server is asked. */
const SPARE_SOURCES_RATIO = 0.5;

/** Share of the links that stay inside the rack, where that has enough hosts. */
const INSIDE_SHARE = 0.75;

/** Links to other racks that every host has at least, where there are as many hosts outside. */
export const MIN_REMOTE_SOURCES = 2;

/** How the links of one member are divided. */
export interface LinkShares {
  readonly inside: number;
  readonly across: number;
}

/** Sources that one of `memberCount` members is connected to at once. */
export function meshDegree(memberCount: number): number {
  if (memberCount <= FULL_MESH_MEMBERS) return Math.max(0, memberCount - 1);
  return Math.max(MIN_DEGREE, DEGREE_PER_DOUBLING * Math.ceil(Math.log2(memberCount)));
}

/** Further sources, for replacement. */
export function spareSources(memberCount: number): number {
  const degree = meshDegree(memberCount);
  return Math.min(Math.max(0, memberCount - 1) - degree, Math.ceil(degree * SPARE_SOURCES_RATIO));
}

/**
 * @param links of one member in all, at most memberCount - 1
 * @param cellSize members on its side of the border, itself included; memberCount when there is none
 * @returns shares that add up to `links`; neither shrinks when `links` grows
 */
export function shareLinks(links: number, memberCount: number, cellSize: number): LinkShares {
  const inside = Math.min(cellSize - 1, Math.floor(links * INSIDE_SHARE));
  const wantedAcross = Math.max(MIN_REMOTE_SOURCES, links - inside);
  const across = Math.min(links, memberCount - cellSize, wantedAcross);
  return { inside: links - across, across };
}
