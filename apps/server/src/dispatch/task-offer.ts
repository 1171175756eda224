/**
 * What the agents of one attempt are told, in each wire version: the create call's body, and who pulls
 * from whom. A v1 task has the hashes in the call and a chain in destIPs order; a v2 task has a digest,
 * a key, and a plan for each agent.
 */
import {
  planChain,
  planLate,
  planMesh,
  type Prng,
  type PullPlan,
  type SwarmMember,
} from '@gofd/p2p-protocol';
import {
  MAX_INLINE_MANIFEST_BYTES,
  type DispatchTaskDto,
  type LinkChainDto,
  type MetaInfoDto,
  type PullPlanDto,
} from '@gofd/task-model';
import type { PreparedContent } from '../seeding/source-catalog.port.ts';

/** How the agents of a v2 task are connected. */
export type SwarmTopology = 'direct' | 'chain' | 'mesh';

/** Agents before it that a late one of a chain is told of: enough to walk up when one is lost. */
export const LATE_CHAIN_AGENTS = 16;

/** Hosts without a rack share one where others have theirs; agents take no empty name. */
const NO_RACK_NAME = '(none)';

export interface StartBody {
  readonly linkChain: LinkChainDto;
  readonly plan?: PullPlanDto;
}

/** Where agents reach the server, host:port. */
export interface ServerAddresses {
  readonly management: string;
  readonly data: string;
}

/** Content and secrets of an attempt as an agent is told of them. */
export type ContentFields = Pick<DispatchTaskDto, 'metaInfo' | 'manifest' | 'key'>;

export interface TaskOffer {
  readonly content: ContentFields;
  /** Told to every agent with the create call, which is then the only one. */
  readonly plan?: PullPlanDto;
  /** What the create call says of the chain: the server alone. */
  readonly firstLinkChain: LinkChainDto;
  /** Start bodies of the members that are there, by data address. */
  start(members: readonly SwarmMember[]): ReadonlyMap<string, StartBody>;
  /** The start body of one that comes later. */
  late(member: SwarmMember): StartBody;
}

export interface OfferOptions {
  readonly content: PreparedContent;
  readonly server: ServerAddresses;
  /** Of a v2 task, 32 bytes. */
  readonly key: Uint8Array;
  readonly topology: SwarmTopology;
  readonly prng: Prng;
}

export function createOffer(options: OfferOptions): TaskOffer {
  return options.content.wire === 1
    ? new ChainOffer(options.content.metaInfo, options.server)
    : new SwarmOffer(options, options.content.manifest);
}

class ChainOffer implements TaskOffer {
  readonly content: ContentFields;
  readonly firstLinkChain: LinkChainDto;
  readonly #server: ServerAddresses;
  readonly #chain: string[];

  constructor(metaInfo: MetaInfoDto, server: ServerAddresses) {
    this.content = { metaInfo };
    this.firstLinkChain = linkChainOf(server);
    this.#server = server;
    this.#chain = [server.data];
  }

  start(members: readonly SwarmMember[]): ReadonlyMap<string, StartBody> {
    this.#chain.push(...members.map(({ address }) => address));
    const body = this.#body([...this.#chain]);
    return new Map(members.map(({ address }) => [address, body]));
  }

  /** The server and the last agents: nobody dials a late one, and long chains stay cheap to send. */
  late({ address }: SwarmMember): StartBody {
    this.#chain.push(address);
    const [server = '', ...agents] = this.#chain;
    return this.#body([server, ...agents.slice(-LATE_CHAIN_AGENTS - 1)]);
  }

  #body(dispatchAddrs: string[]): StartBody {
    return { linkChain: { dispatchAddrs, serverAddr: this.#server.management } };
  }
}

class SwarmOffer implements TaskOffer {
  readonly content: ContentFields;
  readonly plan?: PullPlanDto;
  readonly firstLinkChain: LinkChainDto;
  readonly #options: OfferOptions;
  readonly #members: SwarmMember[] = [];

  constructor(options: OfferOptions, manifest: { bytes: Uint8Array; digest: Uint8Array }) {
    this.#options = options;
    this.firstLinkChain = linkChainOf(options.server);
    const { bytes, digest } = manifest;
    const isShort = bytes.length <= MAX_INLINE_MANIFEST_BYTES;
    this.content = {
      key: base64(options.key),
      manifest: {
        digest: base64(digest),
        bytes: bytes.length,
        ...(isShort && { content: base64(bytes) }),
      },
    };
    if (options.topology === 'direct') this.plan = this.#planDto(NO_PLAN);
  }

  start(members: readonly SwarmMember[]): ReadonlyMap<string, StartBody> {
    this.#members.push(...members);
    const { topology, prng } = this.#options;
    const planner = topology === 'mesh' ? planMesh : planChain;
    const plans = planner(members, prng);
    return new Map(
      members.map(({ address }) => [address, this.#body(plans.get(address) ?? NO_PLAN)]),
    );
  }

  late(member: SwarmMember): StartBody {
    const { topology, prng } = this.#options;
    const before = this.#members.slice(-LATE_CHAIN_AGENTS).map(({ address }) => address);
    const plan =
      topology === 'mesh'
        ? planLate(member, this.#members, prng)
        : { sources: before.reverse(), degree: 1 };
    this.#members.push(member);
    return this.#body(plan);
  }

  #body(plan: PullPlan): StartBody {
    return { linkChain: this.firstLinkChain, plan: this.#planDto(plan) };
  }

  /** In a mesh the server stays connected beside the sources; else it is the last of them. */
  #planDto({ sources, degree, rack }: PullPlan): PullPlanDto {
    const { topology, server } = this.#options;
    if (topology === 'direct') return { sources: [server.data], degree: 1 };
    if (topology === 'chain') return { sources: [...sources, server.data], degree: 1 };
    return {
      sources: [...sources],
      degree,
      origin: server.data,
      ...(rack && { rack: { name: rack.name || NO_RACK_NAME, members: [...rack.members] } }),
    };
  }
}

function linkChainOf({ data, management }: ServerAddresses): LinkChainDto {
  return { dispatchAddrs: [data], serverAddr: management };
}

const NO_PLAN: PullPlan = { sources: [], degree: 0 };

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}
