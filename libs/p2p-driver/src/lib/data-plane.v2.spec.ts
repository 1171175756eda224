/** Tasks with a key of their own, over real sockets: who gets in, and which stream is which. */
import { sampleTask } from '@gofd/piece-store/testing';
import { describe, expect, it } from 'vitest';
import {
  emptyStore,
  fetchTask,
  finished,
  fullStore,
  openTask,
  serveTask,
  startNode,
  storedBytes,
  TASK_ID,
} from '../../test/nodes.ts';
import { HELLO, OTHER_KEY, rawHello, V2 } from '../../test/raw-hello.ts';
import { startRawServer } from '../../test/raw-peer.ts';
import { waitUntil } from '../../test/waiting.ts';
import type { TaskSecurity } from './handshake.port.ts';

const KIB = 2 ** 10;
const CONTENT = sampleTask({ pieceBytes: 64 * KIB, fileLengths: [10 * 64 * KIB - 1000] });
const MANIFEST = sampleTask({ pieceBytes: 64 * KIB, fileLengths: [3_000], seed: 2 });
const V1: TaskSecurity = { version: 1 };

describe('a task that runs v2', () => {
  it('goes from one to the next, each proving the key to the other', async () => {
    const [server, relay, agent] = await Promise.all([startNode(), startNode(), startNode()]);
    await serveTask(server, CONTENT, { security: V2 });
    const first = fetchTask(relay, CONTENT, [server.address], { security: V2 });
    const store = emptyStore(CONTENT);
    const last = fetchTask(agent, CONTENT, [relay.address], { security: V2, store });
    await Promise.all([finished(first), finished(last)]);
    expect((await storedBytes(store, CONTENT)).equals(CONTENT.bytes)).toBe(true);
    expect([server.refusals, relay.refusals]).toEqual([[], []]);
  });

  it('is not pulled from a source that does not know the key', async () => {
    const [stranger, server, agent] = await Promise.all([startNode(), startNode(), startNode()]);
    const wrong = await serveTask(stranger, CONTENT, { security: { version: 2, key: OTHER_KEY } });
    await serveTask(server, CONTENT, { security: V2 });
    const sources = [stranger.address, server.address];
    await finished(fetchTask(agent, CONTENT, sources, { security: V2 }));
    expect([wrong.driver.sentBytes, wrong.driver.peerCount]).toEqual([0, 0]);
  });

  it.each<[string, TaskSecurity, TaskSecurity]>([
    ['a v2 task with the password of the fleet', V2, V1],
    ['a v1 task with a key', V1, V2],
  ])('nobody gets into %s', async (_what, served, used) => {
    const [server, agent] = await Promise.all([startNode(), startNode()]);
    await serveTask(server, CONTENT, { security: served });
    const running = fetchTask(agent, CONTENT, [server.address], { security: used });
    await waitUntil('it was turned away', () => server.refusals.length > 0);
    expect(server.refusals[0]).toBe('P2P_VERSION_MISMATCH');
    expect([running.driver.receivedBytes, running.isFinished]).toEqual([0, false]);
  });

  it('tells a listener who dials, and for which stream', async () => {
    const nonceBytes = 32;
    const upstream = await startRawServer();
    const agent = await startNode({ agentId: HELLO.agentId });
    fetchTask(agent, MANIFEST, [upstream.address], { security: V2, stream: 'manifest' });
    await waitUntil('it has dialled', () => upstream.peers.length === 1);
    const expected = rawHello({ ...HELLO, stream: 1 });
    const bytes = await upstream.peers[0]?.take(expected.length);
    expect(bytes?.subarray(0, -nonceBytes)).toEqual(expected.subarray(0, -nonceBytes));
  });
});

describe('the streams of one task', () => {
  it('are two sessions with content of their own', async () => {
    const [server, agent] = await Promise.all([startNode(), startNode()]);
    const ofManifest = { security: V2, stream: 'manifest' } as const;
    await serveTask(server, CONTENT, { security: V2 });
    await serveTask(server, MANIFEST, ofManifest);
    const [store, manifestStore] = [emptyStore(CONTENT), emptyStore(MANIFEST)];
    await Promise.all([
      finished(fetchTask(agent, CONTENT, [server.address], { security: V2, store })),
      finished(
        fetchTask(agent, MANIFEST, [server.address], { ...ofManifest, store: manifestStore }),
      ),
    ]);
    expect((await storedBytes(store, CONTENT)).equals(CONTENT.bytes)).toBe(true);
    expect((await storedBytes(manifestStore, MANIFEST)).equals(MANIFEST.bytes)).toBe(true);
  });

  it('do not close each other when one is opened again, and end together', async () => {
    const [server, agent] = await Promise.all([startNode(), startNode()]);
    await serveTask(server, CONTENT, { security: V2 });
    await serveTask(server, MANIFEST, { security: V2, stream: 'manifest' });
    await serveTask(server, CONTENT, { security: V2 });
    const ofManifest = { security: V2, stream: 'manifest' } as const;
    await finished(fetchTask(agent, MANIFEST, [server.address], ofManifest));
    server.plane.close(TASK_ID);
    for (const stream of ['content', 'manifest'] as const) {
      const before = server.refusals.length;
      const late = await startNode();
      fetchTask(late, CONTENT, [server.address], { security: V2, stream });
      await waitUntil('it was turned away', () => server.refusals.length > before);
    }
    expect(new Set(server.refusals)).toEqual(new Set(['P2P_TASK_UNKNOWN']));
  });
});

describe('DataPlane.open', () => {
  it.each([0, 31, 33])('refuses a key of %i bytes and leaves the open session alone', async (n) => {
    const [server, agent] = await Promise.all([startNode(), startNode()]);
    await serveTask(server, CONTENT, { security: V2 });
    const store = await fullStore(CONTENT);
    const security = { version: 2, key: new Uint8Array(n) } as const;
    expect(() => openTask(server, CONTENT, store, { security })).toThrow(RangeError);
    await finished(fetchTask(agent, CONTENT, [server.address], { security: V2 }));
  });
});
