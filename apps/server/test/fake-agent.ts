/** The far side of a dispatch: an agent's REST port that answers as told and remembers the calls. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AgentInfo, AgentPlan, DispatchTaskDto, StartTaskDto } from '@gofd/task-model';

/** `cut`: takes the call and closes the connection instead of answering. */
export type FakeAnswer = { readonly status: number; readonly body?: unknown } | 'cut';

export interface SeenCall {
  /** For example `POST /api/v1/agent/tasks`. */
  readonly call: string;
  readonly authorization: string | undefined;
  /** Exactly as it came. */
  readonly text: string;
}

type Kind = 'info' | 'plan' | 'create' | 'start' | 'end' | 'view' | 'speed';

export const AGENT_DATA_PORT = 45_011;

/** Nothing is in the way. */
export const A_READY_PLAN: AgentPlan = {
  version: '0.1.0',
  freeBytes: 1_000_000,
  problems: [],
  replaces: [],
  replacedCount: 0,
};

/** What an agent says of itself. */
export interface FakeAgentShape {
  /** @default v1 alone */
  readonly wireVersions?: readonly number[];
  /** @default none */
  readonly rack?: string;
  /** @default AGENT_DATA_PORT */
  readonly dataPort?: number;
}

export class FakeAgent {
  readonly seen: SeenCall[] = [];
  readonly #answers = new Map<Kind, FakeAnswer>();
  readonly #held = new Map<Kind, Promise<void>>();
  readonly #server: Server;
  readonly #info: AgentInfo;

  private constructor({ rack, ...shape }: FakeAgentShape) {
    const stated = { wireVersions: [1], dataPort: AGENT_DATA_PORT, ...shape };
    this.#info = { version: '0.1.0', ...stated, ...(rack !== undefined && { rack }) };
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  /** @param port 0 takes any free port */
  static async start(port = 0, shape: FakeAgentShape = {}): Promise<FakeAgent> {
    const agent = new FakeAgent(shape);
    agent.#server.listen(port, '127.0.0.1');
    await once(agent.#server, 'listening');
    return agent;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Where it would serve pieces, host:port. */
  get dataAddress(): string {
    return `127.0.0.1:${this.#info.dataPort}`;
  }

  /** Its entry of destIPs. */
  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** @default 200 with a body such as our agents send */
  willAnswer(kind: Kind, answer: FakeAnswer): void {
    this.#answers.set(kind, answer);
  }

  /** Calls of this kind are noted, and answered once the returned function was called. */
  hold(kind: Kind): () => void {
    let release: () => void = () => undefined;
    this.#held.set(
      kind,
      new Promise((resolve) => {
        release = resolve;
      }),
    );
    return () => {
      this.#held.delete(kind);
      release();
    };
  }

  calls(kind: Kind): readonly SeenCall[] {
    return this.seen.filter(({ call }) => kindOf(call) === kind);
  }

  /** Bodies of all create calls. */
  get created(): readonly DispatchTaskDto[] {
    return this.calls('create').map(({ text }) => JSON.parse(text) as DispatchTaskDto);
  }

  /** Bodies of all start calls. */
  get started(): readonly StartTaskDto[] {
    return this.calls('start').map(({ text }) => JSON.parse(text) as StartTaskDto);
  }

  /** Limits of all speed calls, bytes a second. */
  get speeds(): readonly number[] {
    return this.calls('speed').map(({ text }) => (JSON.parse(text) as { speed: number }).speed);
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const call = `${request.method ?? ''} ${request.url ?? ''}`;
    const text = Buffer.concat(chunks).toString('utf8');
    this.seen.push({ call, authorization: request.headers.authorization, text });
    const kind = kindOf(call);
    await this.#held.get(kind);
    const answer = this.#answers.get(kind) ?? { status: 200, body: this.#usualBody(kind) };
    if (answer === 'cut') return void request.socket.destroy();
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
  }

  #usualBody(kind: Kind): object {
    if (kind === 'info') return this.#info;
    if (kind === 'plan') return A_READY_PLAN;
    const { version, wireVersions, dataPort } = this.#info;
    return { taskId: 't1', version, wireVersions, dataPort };
  }
}

function kindOf(call: string): Kind {
  if (call === 'GET /api/v1/agent') return 'info';
  if (call === 'POST /api/v1/agent/plan') return 'plan';
  if (call.startsWith('DELETE')) return 'end';
  if (call.startsWith('PATCH')) return 'speed';
  if (call.startsWith('GET')) return 'view';
  return call.endsWith('/start') ? 'start' : 'create';
}
