/** An agent that has announced itself, as GET /api/v1/server/agents shows it. */
export interface AgentRow {
  readonly name: string;
  /** Management address, host:port: what a task's destIPs would say. */
  readonly address: string;
  readonly dataPort: number;
  readonly version: string;
  /** On the disk that files land on. */
  readonly freeBytes: number;
  readonly zone?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly lastSeenAt: string;
  /** It was heard of lately. */
  readonly isAlive: boolean;
}

/** Answer to an announcement. */
export interface AnnounceReceipt {
  /** Time until the next one. */
  readonly intervalMs: number;
}
