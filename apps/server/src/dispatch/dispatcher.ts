/**
 * Hands one attempt to its agents: the create call to all, then the start call with the chain of those
 * that answered, in the order of destIPs. Hosts that do not answer do not hold up the others: the start
 * goes out START_GRACE_MS after the first answer, and whoever answers later is appended to the chain.
 */
import pMap from 'p-map';
import type { Clock } from '@gofd/p2p-driver';
import { formatAddress, type DispatchTaskDto, type MetaInfoDto } from '@gofd/task-model';
import type { HostRecord } from '../tasks/host-record.ts';
import type { TaskRecord } from '../tasks/task-record.ts';
import { aborted } from './aborted.ts';
import type { AgentClient, AgentReply, CallResult } from './agent-client.port.ts';

/** Calls under way at once; further hosts wait. */
export const MAX_CALLS_IN_FLIGHT = 64;
/** Time that slower hosts get after the first answer before the chain starts without them. */
export const START_GRACE_MS = 2_000;
/** Tries of a create or start call while nothing listens there. */
export const CALL_TRIES = 3;
/** Agents before it that a late one is told of: enough to walk up when the nearest is lost. */
export const LATE_CHAIN_AGENTS = 16;
/** Delay before the next try: first, doubled, each with jitter. */
export const RETRY_FIRST_MS = 300;
/** Tries of the call that ends a task on an agent. */
export const END_TRIES = 4;

export interface DispatcherOptions {
  readonly client: AgentClient;
  readonly clock: Clock;
  /** Where agents reach the server: reports and pieces, host:port. */
  readonly serverAddress: string;
  readonly dataAddress: string;
  /** Upload limit of each process, bytes a second. */
  readonly speed: number;
  /** Data port of agents that do not say theirs. */
  readonly agentDataPort: number;
  /** Uniform in [0, 1), for jitter. */
  readonly random: () => number;
}

export class Dispatcher {
  readonly #options: DispatcherOptions;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /** Resolves when every host was started or has failed, or `signal` says that the task is over. */
  async dispatch(record: TaskRecord, metaInfo: MetaInfoDto, signal: AbortSignal): Promise<void> {
    const round = new Round(this.#options, record, metaInfo, signal);
    await Promise.race([round.run(), aborted(signal)]);
  }

  /** Tells every host of an attempt that it is over; hosts that are down are given up on. */
  async endAll(record: TaskRecord): Promise<void> {
    const reached = record.hosts.filter(({ hasTask }) => hasTask);
    const concurrency = MAX_CALLS_IN_FLIGHT;
    await pMap(reached, (host) => endOn(this.#options, host, record), { concurrency });
  }
}

async function endOn(
  options: DispatcherOptions,
  host: HostRecord,
  { id, attempt }: TaskRecord,
): Promise<void> {
  for (let tried = 0; tried < END_TRIES; tried++) {
    if (await options.client.end(host.entry, id, attempt)) return;
    await pause(options, tried);
  }
}

/** One dispatch of one attempt. */
class Round {
  readonly #options: DispatcherOptions;
  readonly #record: TaskRecord;
  readonly #metaInfo: MetaInfoDto;
  readonly #signal: AbortSignal;
  /** Data addresses of the agents that answered before the start, by position in destIPs. */
  readonly #answered = new Map<number, string>();
  /** The chain that was started; undefined before. */
  #chain: string[] | undefined;
  #openGate: () => void = () => undefined;
  readonly #gate = new Promise<void>((resolve) => {
    this.#openGate = resolve;
  });

  constructor(
    options: DispatcherOptions,
    record: TaskRecord,
    metaInfo: MetaInfoDto,
    signal: AbortSignal,
  ) {
    this.#options = options;
    this.#record = record;
    this.#metaInfo = metaInfo;
    this.#signal = signal;
  }

  async run(): Promise<void> {
    const { hosts } = this.#record;
    const concurrency = MAX_CALLS_IN_FLIGHT;
    const creates = pMap(hosts, (host, index) => this.#create(host, index), { concurrency });
    await Promise.race([creates, this.#gate]);
    const inOrder = [...this.#answered].sort(([one], [other]) => one - other);
    this.#chain = [this.#options.dataAddress, ...inOrder.map(([, address]) => address)];
    const chain = [...this.#chain];
    await pMap(inOrder, ([index]) => this.#start(hosts[index] as HostRecord, chain), {
      concurrency,
    });
    await creates;
  }

  async #create(host: HostRecord, index: number): Promise<void> {
    if (this.#signal.aborted) return;
    host.ask();
    const body = this.#createBody(host);
    const result = await this.#patiently(() => this.#options.client.create(host.entry, body));
    const mayHaveTask = result.ok || result.mayHaveArrived;
    if (mayHaveTask) host.tookTask();
    if (this.#signal.aborted) {
      // The task ended while the call was under way, so nobody else tells this agent.
      if (mayHaveTask) await endOn(this.#options, host, this.#record);
      return;
    }
    if (!result.ok) return this.#record.failHost(host, result.failure, new Date());
    host.reportedAt(this.#options.clock.nowMs());
    const port = result.answer.dataPort ?? this.#options.agentDataPort;
    const address = formatAddress(host.entry.host, port);
    if (this.#chain) {
      this.#chain.push(address);
      return this.#start(host, chainEnd(this.#chain));
    }
    if (this.#answered.size === 0) this.#options.clock.after(START_GRACE_MS, this.#openGate);
    this.#answered.set(index, address);
  }

  /** Tries again while nothing listens at the agent's port: it may just be starting. */
  async #patiently(call: () => Promise<CallResult<AgentReply>>): Promise<CallResult<AgentReply>> {
    for (let tried = 1; ; tried++) {
      const result = await call();
      const isWorthARetry = !result.ok && result.isRefusedConnection && tried < CALL_TRIES;
      if (!isWorthARetry || this.#signal.aborted) return result;
      await pause(this.#options, tried - 1);
    }
  }

  async #start(host: HostRecord, dispatchAddrs: string[]): Promise<void> {
    if (this.#signal.aborted) return;
    const linkChain = { dispatchAddrs, serverAddr: this.#options.serverAddress };
    const { client } = this.#options;
    const result = await this.#patiently(() =>
      client.start(host.entry, this.#record.id, linkChain),
    );
    if (this.#signal.aborted) return;
    if (result.ok) host.begin(new Date());
    else this.#record.failHost(host, result.failure, new Date());
  }

  #createBody(host: HostRecord): DispatchTaskDto {
    const { dataAddress, serverAddress, speed } = this.#options;
    return {
      taskId: this.#record.id,
      metaInfo: this.#metaInfo,
      linkChain: { dispatchAddrs: [dataAddress], serverAddr: serverAddress },
      speed,
      host: host.name,
      attempt: this.#record.attempt,
    };
  }
}

/** The server and the last agents: a late agent dials no other, and long chains stay cheap to send. */
function chainEnd([server = '', ...agents]: readonly string[]): string[] {
  return [server, ...agents.slice(-LATE_CHAIN_AGENTS - 1)];
}

function pause({ clock, random }: DispatcherOptions, attempt: number): Promise<void> {
  const delayMs = RETRY_FIRST_MS * 2 ** attempt * (0.5 + random());
  return new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });
}
