/** What a simulated transfer is asked for. */
export interface TransferOptions {
  /** 1 to MAX_SIMULATED_AGENTS. */
  readonly agents: number;
  readonly totalBytes: number;
  /** Rate of each host's link in each direction, the server's too. */
  readonly bytesPerSecond: number;
  /** Racks that the agents stand in, in turn; the server stands outside. @default no borders */
  readonly racks?: number;
  /** Rate of all links of a rack over that of the rack's own link. @default 1 */
  readonly oversubscription?: number;
  /** Share of the agents whose link is slower. @default 0 */
  readonly slowShare?: number;
  /** How many times slower their link is. @default 4 */
  readonly slowFactor?: number;
  /** Share of the agents that are killed, each at a random time within the bound. @default 0 */
  readonly killShare?: number;
  /** One way between any two hosts. @default 0.1 */
  readonly latencyMs?: number;
  readonly seed: number;
  /** Bytes of a piece. @default what the server would choose */
  readonly pieceBytes?: number;
  /** Told now and then. */
  readonly onProgress?: (progress: TransferProgress) => void;
}

export interface TransferProgress {
  readonly simulatedMs: number;
  readonly storedPieces: number;
  /** Of all agents together. */
  readonly totalPieces: number;
  readonly eventCount: number;
}

/** The server keeps a connection to each agent. */
export const MAX_SIMULATED_AGENTS = 16_384;
