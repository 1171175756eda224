import { expect, it } from 'vitest';
import { chooseTopology, DIRECT_MAX_EGRESS_BYTES, sendsManifestToAll } from './transfer-mode.ts';

it.each([
  ['nobody', 2 ** 40, 0, 'direct'],
  ['one host, whatever the size', 2 ** 40, 1, 'direct'],
  ['64 KiB to 32 hosts', 64 * 1024, 32, 'direct'],
  ['an empty task', 0, 10_000, 'direct'],
  ['as much as the limit', DIRECT_MAX_EGRESS_BYTES / 16, 16, 'direct'],
  ['one byte more for each', DIRECT_MAX_EGRESS_BYTES / 16 + 1, 16, 'mesh'],
  ['256 MiB to 8 hosts', 256 * 2 ** 20, 8, 'mesh'],
] as const)('%s', (_, totalBytes, memberCount, topology) => {
  expect(chooseTopology({ totalBytes, memberCount })).toBe(topology);
});

it.each([
  ['16 KiB to 8 hosts, beside 256 MiB', 256 * 2 ** 20, 8, 16 * 1024, true],
  ['80 KiB to 10,000 hosts, beside 10 GiB', 10 * 2 ** 30, 10_000, 80 * 1024, false],
  ['as much as the limit', 200_000, 10, 100, true],
  ['one byte more for each', 200_000, 10, 101, false],
] as const)('a manifest of %s', (_, totalBytes, memberCount, manifestBytes, isSentToAll) => {
  expect(sendsManifestToAll({ totalBytes, memberCount, manifestBytes })).toBe(isSentToAll);
});
