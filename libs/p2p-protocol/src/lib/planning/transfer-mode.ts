/**
 * Whether a task is worth a swarm. A swarm must never lose to a plain download: for little data, the
 * time goes into dialling, handshakes and announcements rather than into bytes, and the server alone
 * sends all copies sooner. With one host there is nobody to share with.
 */

/**
 * Bytes that the server sends in all, up to which it serves every host itself: 1.3 s of its link at
 * 100 Mbit/s and 13 ms at 10 Gbit/s, about what setting up a mesh takes in between.
 */
export const DIRECT_MAX_EGRESS_BYTES = 16 * 1024 * 1024;

export interface TransferInputs {
  readonly totalBytes: number;
  readonly memberCount: number;
}

export function chooseTopology({ totalBytes, memberCount }: TransferInputs): 'direct' | 'mesh' {
  if (memberCount <= 1) return 'direct';
  return totalBytes * memberCount <= DIRECT_MAX_EGRESS_BYTES ? 'direct' : 'mesh';
}

/** Share of a task's bytes that the server may spend on handing out its manifest. */
export const MAX_MANIFEST_EGRESS_SHARE = 0.005;

/** Whether every host gets the manifest from the server itself, which is sooner than by way of others. */
export function sendsManifestToAll({
  totalBytes,
  memberCount,
  manifestBytes,
}: TransferInputs & { readonly manifestBytes: number }): boolean {
  return manifestBytes * memberCount <= totalBytes * MAX_MANIFEST_EGRESS_SHARE;
}
