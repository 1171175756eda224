/** Tasks with a key of their own, over real sockets: who gets in, and which stream is which. */
import { Bitfield, MAX_PEERS_PER_TASK } from '@gofd/p2p-protocol';
import { sampleTask } from '@gofd/piece-store/testing';
import { describe, expect, it } from 'vitest';
import {
  emptyStore,
  fetchTask,
  finished,
  fullStore,
  goodHeader,
  openTask,
  serveTask,
  startNode,
  storedBytes,
  TASK_ID,
  type Node,
} from '../../test/nodes.ts';
import { greet, HELLO, OTHER_KEY, rawHello, rawProof, V2 } from '../../test/raw-hello.ts';
import { bitfield, RawPeer, request, startRawServer } from '../../test/raw-peer.ts';
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

describe('DataPlane.expect', () => {
  const BITFIELD_ID = 1;

  /** A peer that has proved the key of the task; whether it is let in is for the far end to say. */
  async function joinV2(server: Node): Promise<RawPeer> {
    const peer = await RawPeer.dial(server.port);
    const welcome = await greet(peer);
    peer.send(rawProof('dialler', HELLO, welcome.nonce));
    return peer;
  }

  it('keeps peers until the task is open, which then serves them', async () => {
    const [server, agent] = await Promise.all([startNode(), startNode()]);
    server.plane.expect(TASK_ID, V2);
    const running = fetchTask(agent, CONTENT, [server.address], { security: V2 });
    await waitUntil('it is let in', () => running.driver.peerCount === 1);
    expect(running.driver.receivedBytes).toBe(0);
    await serveTask(server, CONTENT, { security: V2 });
    await finished(running);
    expect(running.closings).toEqual(['P2P_TASK_ENDED']);
    expect(server.refusals).toEqual([]);
  });

  it('keeps what a peer has said in the meantime', async () => {
    const server = await startNode();
    server.plane.expect(TASK_ID, V2);
    const peer = await joinV2(server);
    peer.send(bitfield(Bitfield.empty(CONTENT.layout.pieceCount).toBytes()));
    peer.send(request(0, 0, 32 * KIB));
    await serveTask(server, CONTENT, { security: V2 });
    expect((await peer.takeFrame()).id).toBe(BITFIELD_ID);
    const block = await peer.takeFrame();
    expect(block.payload.subarray(8).equals(CONTENT.bytes.subarray(0, 32 * KIB))).toBe(true);
  });

  it('keeps peers of a v1 task as well', async () => {
    const server = await startNode();
    server.plane.expect(TASK_ID, V1);
    const peer = await RawPeer.join(server.port, goodHeader());
    await serveTask(server, CONTENT);
    expect((await peer.takeFrame()).id).toBe(BITFIELD_ID);
  });

  it('lets nobody wait who does not know the key, or asks for another stream', async () => {
    const server = await startNode();
    server.plane.expect(TASK_ID, V2);
    const stranger = await RawPeer.dial(server.port);
    const welcome = await greet(stranger);
    stranger.send(rawProof('dialler', HELLO, welcome.nonce, OTHER_KEY));
    await stranger.closed();
    const lost = await RawPeer.dial(server.port);
    lost.send(rawHello({ ...HELLO, stream: 1 }));
    await lost.closed();
    expect(server.refusals).toEqual(['P2P_AUTH_FAILED', 'P2P_TASK_UNKNOWN']);
  });

  it(`keeps MAX_PEERS_PER_TASK (${MAX_PEERS_PER_TASK}) peers and closes one more`, async () => {
    const server = await startNode();
    server.plane.expect(TASK_ID, V2);
    const peers: RawPeer[] = [];
    for (let count = 0; count <= MAX_PEERS_PER_TASK; count++) peers.push(await joinV2(server));
    await waitUntil('one is closed', () => peers.some(({ isClosed }) => isClosed));
    const kept = peers.filter(({ isClosed }) => !isClosed);
    expect(kept).toHaveLength(MAX_PEERS_PER_TASK);
    await serveTask(server, CONTENT, { security: V2 });
    for (const peer of kept) expect((await peer.takeFrame()).id).toBe(BITFIELD_ID);
  });

  it.each<[string, (server: Node) => void]>([
    ['the task is closed', ({ plane }) => plane.close(TASK_ID)],
    ['it is expected anew', ({ plane }) => plane.expect(TASK_ID, V2)],
    ['the process stops', ({ plane }) => void plane.shutDown()],
  ])('turns those who wait away when %s', async (_what, end) => {
    const server = await startNode();
    server.plane.expect(TASK_ID, V2);
    const peer = await joinV2(server);
    await joinV2(server); // answered after the proof of the first was read: that one waits by now
    end(server);
    await peer.closed();
  });

  it('ends what was open under that id', async () => {
    const server = await startNode();
    const before = await serveTask(server, CONTENT, { security: V2 });
    const peer = await joinV2(server);
    expect((await peer.takeFrame()).id).toBe(BITFIELD_ID);
    server.plane.expect(TASK_ID, V2);
    await peer.closed();
    expect(before.driver.peerCount).toBe(0);
  });

  it('leaves the manifest of the task open', async () => {
    const [server, agent] = await Promise.all([startNode(), startNode()]);
    const ofManifest = { security: V2, stream: 'manifest' } as const;
    await serveTask(server, MANIFEST, ofManifest);
    server.plane.expect(TASK_ID, V2);
    await finished(fetchTask(agent, MANIFEST, [server.address], ofManifest));
  });

  it.each([0, 31, 33])('refuses a key of %i bytes and leaves the open session alone', async (n) => {
    const [server, agent] = await Promise.all([startNode(), startNode()]);
    await serveTask(server, CONTENT, { security: V2 });
    const security = { version: 2, key: new Uint8Array(n) } as const;
    expect(() => server.plane.expect(TASK_ID, security)).toThrow(RangeError);
    await finished(fetchTask(agent, CONTENT, [server.address], { security: V2 }));
  });
});
