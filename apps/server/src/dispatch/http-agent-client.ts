/** Calls to agents over their REST interface. */
import type { AxiosInstance } from 'axios';
import { managementUrl, type TlsFiles } from '@gofd/service-kit';
import {
  formatAddress,
  MAX_RACK_NAME_CHARS,
  PLAN_UNSUPPORTED,
  type AgentInfo,
  type AgentPlan,
  type AgentPlanDto,
  type AgentTaskView,
  type DispatchTaskDto,
  type ErrorBody,
  type Failure,
  type HostEntry,
} from '@gofd/task-model';
import {
  AgentClient,
  type AgentReply,
  type CallResult,
  type ProbeResult,
} from './agent-client.port.ts';
import type { StartBody } from './task-offer.ts';
import { connectionFailure, refusalFailure } from './agent-failure.ts';

const HTTP_OK_FIRST = 200;
const HTTP_OK_LAST = 299;
const HTTP_UNAUTHORIZED = 401;
const HTTP_NOT_FOUND = 404;
const MAX_PORT = 65_535;

/** The reference, or an agent of ours from before wire v2. */
const V1_AGENT: AgentInfo = { version: 'unknown', wireVersions: [1], dataPort: 0 };

/** Errors that come before the first byte of a call is sent. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** What an agent of ours says to a call that its version does not have. */
const CODES_OF_NO_ROUTE: ReadonlySet<string> = new Set(['ROUTE_NOT_FOUND', 'METHOD_NOT_ALLOWED']);

export interface HttpAgentClientOptions {
  readonly http: AxiosInstance;
  /** Where agents listen whose entry names no port. */
  readonly agentMgntPort: number;
  readonly tls: TlsFiles | undefined;
}

export class HttpAgentClient extends AgentClient {
  readonly #options: HttpAgentClientOptions;

  constructor(options: HttpAgentClientOptions) {
    super();
    this.#options = options;
  }

  create(agent: HostEntry, body: DispatchTaskDto): Promise<CallResult<AgentReply>> {
    return this.#post(agent, '', body);
  }

  start(agent: HostEntry, taskId: string, body: StartBody): Promise<CallResult<AgentReply>> {
    return this.#post(agent, '/start', { taskId, ...body });
  }

  async info(agent: HostEntry): Promise<CallResult<AgentInfo>> {
    const address = formatAddress(agent.host, this.#portOf(agent));
    return this.#call<AgentInfo>(address, async () => {
      const { status, data } = await this.#options.http.get<unknown>(this.#agentUrl(agent));
      // An agent of v1 does not know the question; one that is in trouble says nothing of its version.
      if (status === HTTP_UNAUTHORIZED || status >= 500) {
        return refused(refusalFailure(address, status, data));
      }
      return { ok: true, answer: readInfo(data) };
    });
  }

  plan(agent: HostEntry, body: AgentPlanDto): Promise<CallResult<AgentPlan>> {
    const address = formatAddress(agent.host, this.#portOf(agent));
    return this.#call<AgentPlan>(address, async () => {
      const url = `${this.#agentUrl(agent)}/plan`;
      const { status, data } = await this.#options.http.post<unknown>(url, body);
      if (status >= HTTP_OK_FIRST && status <= HTTP_OK_LAST && isPlan(data)) {
        return { ok: true, answer: data };
      }
      if (status === HTTP_UNAUTHORIZED || status >= 500) {
        return refused(refusalFailure(address, status, data));
      }
      const code = (data as Partial<ErrorBody> | null)?.code;
      const isUnknown = typeof code !== 'string' || CODES_OF_NO_ROUTE.has(code);
      return refused(isUnknown ? noPlan(address) : refusalFailure(address, status, data));
    });
  }

  async end(agent: HostEntry, taskId: string, attempt: number): Promise<boolean> {
    try {
      const { status } = await this.#options.http.delete(
        this.#url(agent, `/${taskId}?attempt=${attempt}`),
      );
      return status < 500;
    } catch {
      return false;
    }
  }

  async setSpeed(agent: HostEntry, taskId: string, bytesPerSecond: number): Promise<boolean> {
    try {
      const body = { speed: bytesPerSecond };
      const { status } = await this.#options.http.patch(this.#url(agent, `/${taskId}`), body);
      return status >= HTTP_OK_FIRST && status <= HTTP_OK_LAST;
    } catch {
      return false;
    }
  }

  async probe(agent: HostEntry, taskId: string): Promise<ProbeResult> {
    try {
      const url = this.#url(agent, `/${taskId}`);
      const { status, data } = await this.#options.http.get<unknown>(url);
      if (status === HTTP_NOT_FOUND && (data as Partial<ErrorBody>).code === 'TASK_NOT_EXISTED') {
        return 'taskUnknown';
      }
      return isTaskView(data) ? data : 'alive';
    } catch {
      return 'unreachable';
    }
  }

  #post(agent: HostEntry, path: string, body: unknown): Promise<CallResult<AgentReply>> {
    const address = formatAddress(agent.host, this.#portOf(agent));
    return this.#call<AgentReply>(address, async () => {
      const { status, data } = await this.#options.http.post<unknown>(this.#url(agent, path), body);
      if (status >= HTTP_OK_FIRST && status <= HTTP_OK_LAST) {
        return { ok: true, answer: readReply(data) };
      }
      return refused(refusalFailure(address, status, data));
    });
  }

  /** No answer is an outcome like any other. */
  async #call<T>(address: string, call: () => Promise<CallResult<T>>): Promise<CallResult<T>> {
    try {
      return await call();
    } catch (error) {
      const errno = errnoOf(error);
      const failure = connectionFailure(address, errno);
      const isRefusedConnection = errno === 'ECONNREFUSED';
      const mayHaveArrived = failure.code === 'AGENT_UNREACHABLE' && !NEVER_SENT.has(errno);
      return { ok: false, failure, isRefusedConnection, mayHaveArrived };
    }
  }

  #url(agent: HostEntry, path: string): string {
    return `${this.#agentUrl(agent)}/tasks${path}`;
  }

  #agentUrl(agent: HostEntry): string {
    const base = managementUrl(agent.host, this.#portOf(agent), this.#options.tls);
    return `${base}/api/v1/agent`;
  }

  #portOf(agent: HostEntry): number {
    return agent.port ?? this.#options.agentMgntPort;
  }
}

function refused(failure: Failure): CallResult<never> {
  return { ok: false, failure, isRefusedConnection: false, mayHaveArrived: false };
}

function noPlan(address: string): Failure {
  const message = `agent ${address} answers, but its version cannot say beforehand whether it would take a task; update it to have it asked`;
  return { code: PLAN_UNSUPPORTED, message };
}

function isPlan(body: unknown): body is AgentPlan {
  const { version, problems, replaces } = (body ?? {}) as Partial<AgentPlan>;
  return typeof version === 'string' && Array.isArray(problems) && Array.isArray(replaces);
}

function readInfo(body: unknown): AgentInfo {
  const { rack, ...info } = (body ?? {}) as Partial<AgentInfo>;
  if (!Array.isArray(info.wireVersions) || !isPort(info.dataPort)) return V1_AGENT;
  return { ...(info as AgentInfo), ...(isRackName(rack) && { rack }) };
}

/** Others of its rack are told the name, and would refuse one that cannot be. */
function isRackName(value: unknown): value is string {
  return typeof value === 'string' && value.length >= 1 && value.length <= MAX_RACK_NAME_CHARS;
}

function readReply(body: unknown): AgentReply {
  const { dataPort, wireVersions } = (body ?? {}) as Record<keyof AgentReply, unknown>;
  return {
    wireVersions: Array.isArray(wireVersions) ? (wireVersions as number[]) : [1],
    ...(isPort(dataPort) && { dataPort }),
  };
}

/** A port that cannot be would make every agent refuse the chain. */
function isPort(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_PORT;
}

function isTaskView(body: unknown): body is AgentTaskView {
  return typeof (body as Partial<AgentTaskView> | null)?.status === 'string';
}

function errnoOf(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  if (typeof cause?.code === 'string') return cause.code;
  return typeof code === 'string' ? code : 'no answer';
}
