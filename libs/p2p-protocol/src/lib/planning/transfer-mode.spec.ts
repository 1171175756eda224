import { expect, it } from 'vitest';
import { chooseTopology, DIRECT_MAX_EGRESS_BYTES } from './transfer-mode.ts';

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
