/** The real agent, started from a configuration file on free ports, and a client in front of it. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { RunningService } from '@gofd/service-kit';
import type { AgentTaskView, DispatchTaskDto, ErrorBody, PullPlanDto } from '@gofd/task-model';
import { startAgent } from '../src/start-agent.ts';
import type { SampleFile } from './a-create-call.ts';
import { waitUntil } from './wait-until.ts';

export const AUTHORIZATION = `Basic ${Buffer.from('gofd:gofd').toString('base64')}`;
const HOST = '127.0.0.1';
const QUIET = 'console: false\n';

export interface AgentOptions {
  /** @default 5 */
  readonly maxActive?: number;
  /** `net.rack`. @default none */
  readonly rack?: string;
  /** Paths of PEM files; with a certificate the management port speaks HTTPS. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca?: string };
}

export interface Answer<T = unknown> {
  readonly status: number;
  readonly body: T;
}

export class AgentUnderTest {
  readonly downdir: string;
  readonly dataPort: number;
  readonly #mgntPort: number;
  readonly #configFile: string;
  readonly #isTls: boolean;
  #service: RunningService | undefined;

  private constructor(folder: string, ports: readonly [number, number], options: AgentOptions) {
    [this.#mgntPort, this.dataPort] = ports;
    this.#isTls = options.tls !== undefined;
    this.downdir = join(folder, 'downloads');
    this.#configFile = join(folder, 'agent.yml');
    mkdirSync(this.downdir);
    writeFileSync(join(folder, 'log.yml'), QUIET);
    writeFileSync(this.#configFile, configText(ports, options));
  }

  /** Started for one test and stopped when it is over. */
  static async start(options: AgentOptions = {}): Promise<AgentUnderTest> {
    const { agent, remove } = await AgentUnderTest.startForMany(options);
    onTestFinished(remove);
    return agent;
  }

  /** For tests that share one; whoever calls removes it. */
  static async startForMany(options: AgentOptions = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'gofd-agent-'));
    const agent = new AgentUnderTest(folder, await twoFreePorts(), options);
    await agent.restart();
    const remove = async (): Promise<void> => {
      await agent.close();
      rmSync(folder, { recursive: true });
    };
    return { agent, remove };
  }

  /** Stops the agent if it runs, as a signal would, and starts it on the same configuration. */
  async restart(): Promise<void> {
    await this.close();
    this.#service = await startAgent(this.#configFile);
  }

  async close(): Promise<void> {
    await this.#service?.close();
    this.#service = undefined;
  }

  /** Its data address, as chains name it. */
  get dataAddress(): string {
    return `${HOST}:${this.dataPort}`;
  }

  call<T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = { authorization: AUTHORIZATION },
  ): Promise<Answer<T>> {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const send = this.#isTls ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const request = send({
        host: HOST,
        port: this.#mgntPort,
        method,
        path: `/api/v1/agent${path}`,
        headers: { ...headers, ...(text !== undefined && { 'content-type': 'application/json' }) },
        rejectUnauthorized: false, // whom the agent trusts is what is tested
        agent: false,
      });
      request.on('error', reject).on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
        response.on('end', () => {
          const answer = Buffer.concat(chunks).toString('utf8');
          const parsed = (answer === '' ? undefined : JSON.parse(answer)) as T;
          resolve({ status: response.statusCode ?? 0, body: parsed });
        });
      });
      request.end(text);
    });
  }

  create(body: unknown): Promise<Answer<ErrorBody>> {
    return this.call('POST', '/tasks', body);
  }

  /** The start call with the chain of the server and these agents. */
  startTask(
    task: Pick<DispatchTaskDto, 'taskId' | 'linkChain'>,
    agentAddresses: readonly string[] = [this.dataAddress],
  ): Promise<Answer<ErrorBody>> {
    const { taskId, linkChain } = task;
    const dispatchAddrs = [...linkChain.dispatchAddrs, ...agentAddresses];
    return this.call('POST', '/tasks/start', {
      taskId,
      linkChain: { ...linkChain, dispatchAddrs },
    });
  }

  /** The start call of a v2 task with this plan, or with that of a mesh that has no other agent. */
  startPlanned(
    { taskId, linkChain }: Pick<DispatchTaskDto, 'taskId' | 'linkChain'>,
    plan: PullPlanDto = { sources: [], degree: 0, origin: linkChain.dispatchAddrs[0] ?? '' },
  ): Promise<Answer<ErrorBody>> {
    return this.call('POST', '/tasks/start', { taskId, linkChain, plan });
  }

  /** Upload limit of a task from now on, bytes a second. */
  setSpeed(speed: number, taskId = 't1'): Promise<Answer<ErrorBody>> {
    return this.call('PATCH', `/tasks/${taskId}`, { speed });
  }

  end(taskId = 't1', query = ''): Promise<Answer<{ taskId: string; wasKnown: boolean }>> {
    return this.call('DELETE', `/tasks/${taskId}${query}`);
  }

  async view(taskId = 't1'): Promise<AgentTaskView> {
    return (await this.call<AgentTaskView>('GET', `/tasks/${taskId}`)).body;
  }

  waitForTask(isThere: (task: AgentTaskView) => boolean, taskId = 't1'): Promise<AgentTaskView> {
    return waitUntil(`task ${taskId}`, async () => {
      const task = await this.view(taskId);
      return isThere(task) && task;
    });
  }

  /** Everything in downdir, the working directory excepted. */
  get files(): readonly string[] {
    return readdirSync(this.downdir)
      .filter((name) => name !== '.gofd')
      .sort();
  }

  path(name: string): string {
    return join(this.downdir, name);
  }

  /** Whether half-received parts of a task are kept. */
  keepsParts(taskId = 't1'): boolean {
    return existsSync(this.path(`.gofd/${taskId}/0.part`));
  }

  /** Names of files that are not there exactly as they should be. */
  wrongCopies(files: readonly SampleFile[]): readonly string[] {
    const isRight = ({ name, bytes }: SampleFile): boolean =>
      existsSync(this.path(name)) && readFileSync(this.path(name)).equals(bytes);
    return files.filter((file) => !isRight(file)).map(({ name }) => name);
  }
}

function configText(
  [mgntPort, dataPort]: readonly [number, number],
  { maxActive = 5, rack, tls }: AgentOptions,
): string {
  return `name: agent
downdir: downloads
log: log.yml
net:
  ip: ${HOST}
  mgntPort: ${mgntPort}
  dataPort: ${dataPort}
${rack === undefined ? '' : `  rack: ${rack}\n`}${tls ? `  tls: ${JSON.stringify(tls)}\n` : ''}auth: { username: gofd, password: LFFex2mDcetFDnghcZqpz0z/zbzYhRLBj58fnAs45uc=, factor: 802cbde8 }
control: { cacheSize: 8, maxActive: ${maxActive} }
`;
}

/** Both are held at once, so that they differ. */
async function twoFreePorts(): Promise<readonly [number, number]> {
  const servers = await Promise.all([1, 2].map(listening));
  const [one, other] = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return [one as number, other as number];
}

function listening(): Promise<ReturnType<typeof createServer>> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, HOST, () => resolve(server));
  });
}
