/**
 * Hands one attempt to its agents: the create call to all, then the start call, which tells those that
 * answered, in the order of destIPs, whom to pull from. Hosts that do not answer do not hold up the
 * others: the start goes out START_GRACE_MS after the first answer, and whoever answers later joins.
 */
import pMap from 'p-map';
import type { ReportTokens } from '@gofd/auth-crypto';
import type { Clock } from '@gofd/p2p-driver';
import type { SwarmMember } from '@gofd/p2p-protocol';
import {
  formatAddress,
  type AgentInfo,
  type DispatchTaskDto,
  type Failure,
} from '@gofd/task-model';
import type { HostRecord } from '../tasks/host-record.ts';
import type { TaskRecord } from '../tasks/task-record.ts';
import { aborted } from './aborted.ts';
import type { AgentClient, AgentReply, CallResult } from './agent-client.port.ts';
import { AgentSurveyor, speaksV2, type Survey } from './agent-survey.ts';
import type { StartBody, TaskOffer } from './task-offer.ts';

/** Calls under way at once; further hosts wait. */
export const MAX_CALLS_IN_FLIGHT = 64;
/** Time that slower hosts get after the first answer before the others start without them. */
export const START_GRACE_MS = 2_000;
/** Tries of a create or start call while nothing listens there. */
export const CALL_TRIES = 3;
/** Delay before the next try: first, doubled, each with jitter. */
export const RETRY_FIRST_MS = 300;
/** The delay is doubled so often at most, where hosts are awaited for long. */
const MAX_DOUBLINGS = 4;
/** Tries of the call that ends a task on an agent. */
export const END_TRIES = 4;

export interface DispatcherOptions {
  readonly client: AgentClient;
  readonly clock: Clock;
  /** Data port of agents that do not say theirs. */
  readonly agentDataPort: number;
  readonly reportTokens: ReportTokens;
  /** Uniform in [0, 1), for jitter. */
  readonly random: () => number;
}

/** What an attempt tells its agents. */
export interface DispatchOrder {
  readonly offer: TaskOffer;
  readonly survey: Survey;
  /** Upload limit of the task as it is now, bytes a second. */
  readonly speed: () => number;
  /**
   * How long hosts that cannot be reached are called again, ms. Where a server takes a task up again, what
   * stopped it may have stopped them. @default 0
   */
  readonly patienceMs?: number;
}

export class Dispatcher {
  readonly #options: DispatcherOptions;

  readonly #surveyor: AgentSurveyor;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#surveyor = new AgentSurveyor(options.client, options.clock);
  }

  /** Asks every host what it can do. */
  survey({ hosts }: TaskRecord): Promise<Survey> {
    return this.#surveyor.survey(hosts);
  }

  /** Resolves when every host was started or has failed, or `signal` says that the task is over. */
  async dispatch(record: TaskRecord, order: DispatchOrder, signal: AbortSignal): Promise<void> {
    const round = new Round({ ...this.#options, surveyor: this.#surveyor }, record, order, signal);
    await Promise.race([round.run(), aborted(signal)]);
  }

  /** Tells every host of an attempt its new limit, bytes a second. */
  async setSpeed({ id, hosts }: TaskRecord, bytesPerSecond: number): Promise<void> {
    const reached = hosts.filter((host) => host.hasTask && !host.isOver);
    const concurrency = MAX_CALLS_IN_FLIGHT;
    const { client } = this.#options;
    await pMap(reached, ({ entry }) => client.setSpeed(entry, id, bytesPerSecond), { concurrency });
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

interface RoundOptions extends DispatcherOptions {
  readonly surveyor: AgentSurveyor;
}

/** One dispatch of one attempt. */
class Round {
  readonly #options: RoundOptions;
  readonly #record: TaskRecord;
  readonly #order: DispatchOrder;
  readonly #signal: AbortSignal;
  /** The agents that answered before the start, by position in destIPs. */
  readonly #answered = new Map<number, SwarmMember>();
  /** What hosts that were silent at the survey have said since. */
  readonly #askedLate = new Map<HostRecord, AgentInfo>();
  /** Hosts that could not be reached and are called again. */
  readonly #away: number[] = [];
  readonly #awaitedUntilMs: number;
  #isStarted = false;
  #openGate: () => void = () => undefined;
  readonly #gate = new Promise<void>((resolve) => {
    this.#openGate = resolve;
  });

  constructor(
    options: RoundOptions,
    record: TaskRecord,
    order: DispatchOrder,
    signal: AbortSignal,
  ) {
    this.#options = options;
    this.#record = record;
    this.#order = order;
    this.#signal = signal;
    this.#awaitedUntilMs = options.clock.nowMs() + (order.patienceMs ?? 0);
  }

  async run(): Promise<void> {
    const { hosts } = this.#record;
    const concurrency = MAX_CALLS_IN_FLIGHT;
    const creates = pMap(hosts, (host, index) => this.#create(host, index), { concurrency });
    await Promise.race([creates, this.#gate]);
    this.#isStarted = true;
    const inOrder = [...this.#answered].sort(([one], [other]) => one - other);
    const bodies = this.#order.offer.start(inOrder.map(([, member]) => member));
    const start = async ([index, { address }]: (typeof inOrder)[number]): Promise<void> => {
      const body = bodies.get(address);
      if (body) await this.#start(hosts[index] as HostRecord, body);
    };
    await pMap(inOrder, start, { concurrency });
    await creates;
    await this.#callAway();
  }

  async #callAway(): Promise<void> {
    const { hosts } = this.#record;
    const concurrency = MAX_CALLS_IN_FLIGHT;
    for (let round = 0; this.#away.length > 0 && !this.#signal.aborted; round++) {
      await pause(this.#options, Math.min(round, MAX_DOUBLINGS));
      const away = this.#away.splice(0);
      await pMap(away, (index) => this.#create(hosts[index] as HostRecord, index), { concurrency });
    }
  }

  async #create(host: HostRecord, index: number): Promise<void> {
    if (this.#signal.aborted || host.isOver) return;
    host.ask();
    const speedBefore = this.#order.speed();
    const result = await this.#patiently(() => this.#offerTo(host));
    const mayHaveTask = result.ok || result.mayHaveArrived;
    if (mayHaveTask) host.tookTask();
    if (this.#signal.aborted) {
      // The task ended while the call was under way, so nobody else tells this agent.
      if (mayHaveTask) await endOn(this.#options, host, this.#record);
      return;
    }
    if (!result.ok) {
      this.#options.surveyor.forget(host);
      return this.#callFailed(host, result.failure, index);
    }
    host.reportedAt(this.#options.clock.nowMs());
    const port = result.answer.dataPort ?? this.#options.agentDataPort;
    const address = formatAddress(host.entry.host, port);
    const info = this.#infoOf(host);
    host.learnt({ dataAddress: address, zone: info?.zone ?? info?.rack });
    if (this.#order.speed() !== speedBefore) this.#tellSpeed(host);
    if (this.#order.offer.plan) return host.begin(new Date());
    const member = { address, rack: info?.rack };
    if (this.#isStarted) return this.#start(host, this.#order.offer.late(member));
    if (this.#answered.size === 0) this.#options.clock.after(START_GRACE_MS, this.#openGate);
    this.#answered.set(index, member);
  }

  /** The limit was changed during the create call, which says the one from before. */
  #tellSpeed({ entry }: HostRecord): void {
    const { client } = this.#options;
    void client.setSpeed(entry, this.#record.id, this.#order.speed());
  }

  #infoOf(host: HostRecord): AgentInfo | undefined {
    return this.#order.survey.infoOf(host) ?? this.#askedLate.get(host);
  }

  /** A host that was silent when all were asked may be one that cannot take a v2 task at all. */
  async #offerTo(host: HostRecord): Promise<CallResult<AgentReply>> {
    const { client } = this.#options;
    const { survey, offer } = this.#order;
    if (!survey.infoOf(host) && offer.content.manifest) {
      const asked = await client.info(host.entry);
      if (!asked.ok) return asked;
      if (!speaksV2(asked.answer)) return tooOld(host.name);
      this.#askedLate.set(host, asked.answer);
    }
    const result = await client.create(host.entry, this.#createBody(host));
    const isAnother = result.ok && offer.content.manifest && !speaksV2(result.answer);
    return isAnother ? tooOld(host.name, true) : result;
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

  async #start(host: HostRecord, body: StartBody): Promise<void> {
    if (this.#signal.aborted) return;
    const { client } = this.#options;
    const result = await this.#patiently(() => client.start(host.entry, this.#record.id, body));
    if (this.#signal.aborted) return;
    if (result.ok) host.begin(new Date());
    else this.#callFailed(host, result.failure);
  }

  /**
   * A host that had begun before the server was started again has the task, and may be away for a moment
   * as any host may: how long, LivenessWatch decides.
   * @param index set when it can be called again
   */
  #callFailed(host: HostRecord, failure: Failure, index?: number): void {
    const nowMs = this.#options.clock.nowMs();
    const isAway = failure.code === 'AGENT_UNREACHABLE';
    if (isAway && host.status === 'INPROGRESS') return host.heardOf(nowMs);
    if (isAway && index !== undefined && nowMs < this.#awaitedUntilMs) {
      this.#away.push(index);
      return;
    }
    this.#record.failHost(host, failure, new Date());
  }

  #createBody(host: HostRecord): DispatchTaskDto {
    const { offer, speed } = this.#order;
    const { id: taskId, attempt } = this.#record;
    return {
      taskId,
      ...offer.content,
      ...(offer.plan && { plan: offer.plan }),
      linkChain: offer.firstLinkChain,
      speed: speed(),
      host: host.name,
      attempt,
      reportToken: this.#options.reportTokens.tokenFor({ taskId, attempt, host: host.name }),
    };
  }
}

function tooOld(name: string, mayHaveArrived = false): CallResult<never> {
  const message = `agent ${name} speaks wire v1 alone and was not there when the task began in v2; run the task again`;
  const failure = { code: 'AGENT_VERSION', message };
  return { ok: false, failure, isRefusedConnection: false, mayHaveArrived };
}

function pause({ clock, random }: DispatcherOptions, attempt: number): Promise<void> {
  const delayMs = RETRY_FIRST_MS * 2 ** attempt * (0.5 + random());
  return new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });
}
