import { createTaskKey } from '@gofd/auth-crypto';
import { createPrng, type SwarmMember } from '@gofd/p2p-protocol';
import { digestPiece } from '@gofd/piece-store';
import { MAX_INLINE_MANIFEST_BYTES, StartTaskDto, TASK_KEY_BYTES } from '@gofd/task-model';
import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../test/agent-side-validation.ts';
import { aManifest, META_INFO } from '../../test/fake-seeding.ts';
import {
  createOffer,
  LATE_CHAIN_AGENTS,
  type OfferOptions,
  type StartBody,
  type SwarmTopology,
} from './task-offer.ts';

const SERVER = { management: '10.0.0.1:45000', data: '10.0.0.1:45001' };
const SERVER_ALONE = { dispatchAddrs: [SERVER.data], serverAddr: SERVER.management };

function anOffer(topology: SwarmTopology, changes: Partial<OfferOptions> = {}) {
  return createOffer({
    content: { wire: 2, manifest: aManifest(100) },
    server: SERVER,
    key: createTaskKey(),
    topology,
    prng: createPrng(1),
    ...changes,
  });
}

function aV1Offer() {
  return anOffer('chain', { content: { wire: 1, metaInfo: META_INFO } });
}

/** One after the other, host:port, in the racks given. */
function members(...racks: (string | undefined)[]): SwarmMember[] {
  return racks.map((rack, index) => ({ address: `10.0.1.${index + 1}:45011`, rack }));
}

function inNoRack(count: number): SwarmMember[] {
  return members(...Array.from({ length: count }, () => undefined));
}

function addressesOf(list: readonly SwarmMember[]): string[] {
  return list.map(({ address }) => address);
}

async function expectAgentsToTake(bodies: Iterable<StartBody>): Promise<void> {
  for (const body of bodies) {
    expect(await refusalOf(StartTaskDto, { taskId: 't1', ...body })).toBeUndefined();
  }
}

describe('the content of a v1 task', () => {
  it('is the meta info alone: no manifest, no key, no plan', () => {
    const { content, plan, firstLinkChain } = aV1Offer();
    expect(content).toEqual({ metaInfo: META_INFO });
    expect(plan).toBeUndefined();
    expect(firstLinkChain).toEqual(SERVER_ALONE);
  });
});

describe('the content of a v2 task', () => {
  it.each([
    [1, true],
    [MAX_INLINE_MANIFEST_BYTES, true],
    [MAX_INLINE_MANIFEST_BYTES + 1, false],
  ])('with a manifest of %i bytes has it within the call: %s', (byteCount, isInline) => {
    const manifest = aManifest(byteCount);
    const { content } = anOffer('mesh', { content: { wire: 2, manifest } });
    expect(content.metaInfo).toBeUndefined();
    expect(content.manifest).toEqual({
      digest: digestPiece(manifest.bytes, 'blake3').toString('base64'),
      bytes: byteCount,
      ...(isInline && { content: manifest.bytes.toString('base64') }),
    });
  });

  it('has the manifest whole where that is a stretch of a longer buffer', () => {
    const { bytes, digest } = aManifest(100);
    const within = Buffer.concat([Buffer.alloc(7), bytes, Buffer.alloc(7)]).subarray(7, 107);
    const { content } = anOffer('mesh', {
      content: { wire: 2, manifest: { bytes: within, digest } },
    });
    expect(content.manifest?.content).toBe(bytes.toString('base64'));
  });

  it('has the key as base64 of its 32 bytes', () => {
    const key = createTaskKey();
    const { content } = anOffer('mesh', { key });
    const sent = Buffer.from(content.key ?? '', 'base64');
    expect(sent).toHaveLength(TASK_KEY_BYTES);
    expect(sent.equals(key)).toBe(true);
  });
});

describe('a direct task', () => {
  it('has its plan in the create call: the server, for everybody', () => {
    expect(anOffer('direct').plan).toEqual({ sources: [SERVER.data], degree: 1 });
  });

  it('is the only one: the others learn theirs from the start call', () => {
    expect([anOffer('mesh').plan, anOffer('chain').plan]).toEqual([undefined, undefined]);
  });
});

describe('the start of a v1 task', () => {
  it('tells everybody one chain, the server first, without a plan', () => {
    const list = inNoRack(3);
    const bodies = aV1Offer().start(list);
    const chain = [SERVER.data, ...addressesOf(list)];
    const body = { linkChain: { dispatchAddrs: chain, serverAddr: SERVER.management } };
    expect([...bodies]).toEqual(addressesOf(list).map((address) => [address, body]));
  });

  it('tells a late one of the server, the last agents, and itself', () => {
    const offer = aV1Offer();
    const list = inNoRack(LATE_CHAIN_AGENTS + 4) as [SwarmMember, ...SwarmMember[]];
    const late = list.pop() as SwarmMember;
    offer.start(list);
    const before = addressesOf(list).slice(-LATE_CHAIN_AGENTS);
    expect(offer.late(late).linkChain.dispatchAddrs).toEqual([
      SERVER.data,
      ...before,
      late.address,
    ]);
  });
});

describe('the start of a v2 chain', () => {
  it('tells each agent of those before it, nearest first, and of the server last', async () => {
    const list = inNoRack(4);
    const [first, second, third, fourth] = addressesOf(list);
    const bodies = anOffer('chain').start(list);
    expect([...bodies].map(([address, { plan }]) => [address, plan])).toEqual([
      [first, { sources: [SERVER.data], degree: 1 }],
      [second, { sources: [first, SERVER.data], degree: 1 }],
      [third, { sources: [second, first, SERVER.data], degree: 1 }],
      [fourth, { sources: [third, second, first, SERVER.data], degree: 1 }],
    ]);
    for (const { linkChain } of bodies.values()) expect(linkChain).toEqual(SERVER_ALONE);
    await expectAgentsToTake(bodies.values());
  });

  it('gives no plan an origin or a rack, whatever racks there are', () => {
    for (const { plan } of anOffer('chain')
      .start(members('a', 'a', 'b'))
      .values()) {
      expect(Object.keys(plan ?? {}).sort()).toEqual(['degree', 'sources']);
    }
  });

  it('tells a late one of the last that are there, nearest first, and of the server last', () => {
    const offer = anOffer('chain');
    const list = inNoRack(LATE_CHAIN_AGENTS + 2);
    const late = list.pop() as SwarmMember;
    offer.start(list);
    const { plan } = offer.late(late);
    const before = addressesOf(list).reverse().slice(0, LATE_CHAIN_AGENTS);
    expect(plan).toEqual({ sources: [...before, SERVER.data], degree: 1 });
    const { plan: next } = offer.late({ address: '10.0.9.9:45011' });
    expect(next?.sources[0]).toBe(late.address);
  });
});

describe('the start of a mesh', () => {
  it('gives each agent others as sources, and the server beside them', async () => {
    const list = inNoRack(40);
    const known = new Set(addressesOf(list));
    const bodies = anOffer('mesh').start(list);
    expect([...bodies.keys()]).toEqual(addressesOf(list));
    for (const [address, { linkChain, plan }] of bodies) {
      const { sources = [], degree = 0, origin, rack } = plan ?? {};
      expect([origin, rack, linkChain]).toEqual([SERVER.data, undefined, SERVER_ALONE]);
      expect(degree).toBeGreaterThan(0);
      expect(sources.length).toBeGreaterThanOrEqual(degree);
      expect(sources).not.toContain(address);
      expect(new Set(sources).size).toBe(sources.length);
      expect(sources.filter((source) => !known.has(source))).toEqual([]);
    }
    await expectAgentsToTake(bodies.values());
  });

  it('is another one for another seed, and the same for the same', () => {
    const plansOf = (seed: number) => [
      ...anOffer('mesh', { prng: createPrng(seed) }).start(inNoRack(40)),
    ];
    expect(plansOf(2)).toEqual(plansOf(2));
    expect(plansOf(2)).not.toEqual(plansOf(3));
  });

  it('names those that share a rack with an agent, where there are several racks', async () => {
    const list = members('a', 'b', 'a', 'b', 'a');
    const [one, two, three, four, five] = addressesOf(list);
    const bodies = anOffer('mesh').start(list);
    expect([...bodies.values()].map(({ plan }) => plan?.rack)).toEqual(
      ['a', 'b', 'a', 'b', 'a'].map((name) => ({
        name,
        members: name === 'a' ? [one, three, five] : [two, four],
      })),
    );
    await expectAgentsToTake(bodies.values());
  });

  it('puts hosts without a rack into one that agents take, where others have one', async () => {
    const list = members('a', undefined, 'a', undefined);
    const [, two, , four] = addressesOf(list);
    const bodies = anOffer('mesh').start(list);
    expect(bodies.get(two ?? '')?.plan?.rack?.members).toEqual([two, four]);
    await expectAgentsToTake(bodies.values());
  });

  it('with nobody there starts nobody; whoever comes then has the server', () => {
    const offer = anOffer('mesh');
    const [first, second] = inNoRack(2) as [SwarmMember, SwarmMember];
    expect(offer.start([]).size).toBe(0);
    expect(offer.late(first).plan).toEqual({ sources: [], degree: 0, origin: SERVER.data });
    expect(offer.late(second).plan?.sources).toEqual([first.address]);
  });
});

describe('a late agent of a mesh', () => {
  it('gets sources among those that are there, and the server beside them', async () => {
    const list = inNoRack(100);
    const late = { address: '10.0.9.9:45011' };
    const offer = anOffer('mesh');
    offer.start(list);
    const body = offer.late(late);
    const { sources = [], degree = 0, origin } = body.plan ?? {};
    expect(origin).toBe(SERVER.data);
    expect(sources.length).toBeGreaterThanOrEqual(degree);
    expect(sources.filter((source) => !addressesOf(list).includes(source))).toEqual([]);
    await expectAgentsToTake([body]);
  });

  it('is told of its rack', async () => {
    const list = members('a', 'b', 'a', 'b');
    const [one, , three] = addressesOf(list);
    const offer = anOffer('mesh');
    offer.start(list);
    const body = offer.late({ address: '10.0.9.9:45011', rack: 'a' });
    expect(body.plan?.rack).toEqual({ name: 'a', members: [one, three, '10.0.9.9:45011'] });
    await expectAgentsToTake([body]);
  });
});
