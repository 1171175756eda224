/** Every peer that the benchmark knows, in the order of its tables. */
import { aria2 } from './aria2.ts';
import { libtorrent } from './libtorrent.ts';
import { nginx } from './nginx.ts';
import { createOurs } from './ours.ts';
import type { PeerKind } from './peer.ts';
import { relay } from './relay.ts';
import { rsync } from './rsync.ts';
import { uftp } from './uftp.ts';

export const PEER_NAMES = [
  'ours',
  'relay',
  'nginx',
  'rsync',
  'aria2',
  'libtorrent',
  'uftp',
] as const;
export type PeerName = (typeof PEER_NAMES)[number];

/** @param distFolder where the services were built to, `dist/apps` */
export function createPeers(distFolder: string): Record<PeerName, PeerKind> {
  return { ours: createOurs(distFolder), relay, nginx, rsync, aria2, libtorrent, uftp };
}
