/** The real application on a free port, with fakes behind it and a client in front. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { INestApplication } from '@nestjs/common';
import { onTestFinished } from 'vitest';
import { ReportTokens } from '@gofd/auth-crypto';
import { GofdClient } from '@gofd/api-client';
import type { Clock } from '@gofd/p2p-driver';
import { createHttpApp, createLogger, listen } from '@gofd/service-kit';
import { isTerminalTaskStatus, type ErrorBody, type TaskView } from '@gofd/task-model';
import { AppModule } from '../src/app.module.ts';
import { loadServerConfig, type ServerConfig } from '../src/config/server-config.schema.ts';
import { loadReportSecret } from '../src/reports/report-secret.ts';
import { SqliteTaskStore } from '../src/state/sqlite-task-store.ts';
import { TasksService } from '../src/tasks/tasks.service.ts';
import { FakeAgent, type FakeAgentShape } from './fake-agent.ts';
import { FakeSeeder, FakeSourceCatalog } from './fake-seeding.ts';
import { waitUntil } from './wait-until.ts';

export const AUTHORIZATION = `Basic ${Buffer.from('gofd:gofd').toString('base64')}`;
/** Data ports of agents that a test tells apart: this and those after it. Nothing listens there. */
const FIRST_DATA_PORT = 50_001;

export interface Answer<T = TaskView> {
  readonly status: number;
  readonly body: T;
}

/** Express, as far as its list of routes goes. */
interface RoutedApp {
  readonly router: {
    readonly stack: readonly {
      readonly route?: {
        readonly path: string;
        readonly methods: Readonly<Record<string, boolean>>;
      };
    }[];
  };
}

export interface ServerOptions {
  readonly maxActive?: number;
  readonly agentMgntPort?: number;
  readonly topology?: 'mesh' | 'chain';
  /** @default none: any host may be named */
  readonly destNetworks?: readonly string[];
  readonly clock?: Clock;
  /** State that an earlier server left; @default a folder of its own */
  readonly stateFolder?: string;
}

export class ServerUnderTest {
  readonly catalog = new FakeSourceCatalog();
  readonly seeder = new FakeSeeder();
  /** Every line of level silly and above. */
  readonly logLines: readonly string[];
  readonly stateFolder: string;
  readonly store: SqliteTaskStore;
  readonly #app: INestApplication;
  readonly #baseUrl: string;

  private constructor(
    app: INestApplication,
    port: number,
    parts: Pick<ServerUnderTest, 'catalog' | 'seeder' | 'logLines' | 'stateFolder' | 'store'>,
  ) {
    this.#app = app;
    this.#baseUrl = `http://127.0.0.1:${port}/api/v1/server`;
    this.catalog = parts.catalog;
    this.seeder = parts.seeder;
    this.logLines = parts.logLines;
    this.stateFolder = parts.stateFolder;
    this.store = parts.store;
  }

  /** Started for one test and stopped when it is over. */
  static async start(options: ServerOptions = {}): Promise<ServerUnderTest> {
    const config = aServerConfig(options);
    const { logger, logLines } = capturedLogger();
    const seeding = { catalog: new FakeSourceCatalog(), seeder: new FakeSeeder() };
    const { clock } = options;
    const { stateFolder = mkdtempSync(join(tmpdir(), 'gofd-server-state-')) } = options;
    const store = SqliteTaskStore.open(stateFolder);
    const reportSecret = loadReportSecret(stateFolder);
    const parts = { config, logger, ...seeding, store, reportSecret, ...(clock && { clock }) };
    const root = AppModule.register(parts);
    const app = await createHttpApp(root, { credentials: config.credentials, logger });
    const port = await listen(app, '127.0.0.1', 0);
    onTestFinished(async () => {
      await app.close();
      store.close();
      rmSync(stateFolder, { recursive: true, force: true });
    });
    app.get(TasksService).resumeAll();
    return new ServerUnderTest(app, port, { ...seeding, logLines, stateFolder, store });
  }

  async call<T = TaskView>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(`${this.#baseUrl}${path}`, {
      method,
      headers: {
        authorization: AUTHORIZATION,
        ...(text !== undefined && { 'content-type': 'application/json' }),
      },
      ...(text !== undefined && { body: text }),
    });
    return { status: response.status, body: (await response.json()) as T };
  }

  create(id: string, hosts: readonly string[], files: readonly string[] = ['/src/two.bin']) {
    return this.call('POST', '/tasks', { id, dispatchFiles: files, destIPs: hosts });
  }

  /** @returns status and code of a call that is refused */
  async refusal(method: string, path: string, body?: unknown): Promise<Answer<ErrorBody>> {
    return this.call<ErrorBody>(method, path, body);
  }

  async view(id: string): Promise<TaskView> {
    return (await this.call('GET', `/tasks/${id}`)).body;
  }

  /** As the agent of that host would: with the token it was given, unless the report has one. */
  async report(report: object): Promise<Answer<{ taskId: string; taskStatus: string }>> {
    const { taskId = '', ip: host = '' } = report as { taskId?: string; ip?: string };
    const { attempt, dispatchInfos } = await this.view(taskId);
    const isKnown = dispatchInfos !== undefined && host in dispatchInfos;
    const token = isKnown && this.#app.get(ReportTokens).tokenFor({ taskId, attempt, host });
    return this.call('POST', '/tasks/status', { ...(token && { token }), ...report });
  }

  waitForTask(id: string, isThere: (task: TaskView) => boolean): Promise<TaskView> {
    return waitUntil(`task ${id}`, async () => {
      const task = await this.view(id);
      return isThere(task) && task;
    });
  }

  waitForEnd(id: string): Promise<TaskView> {
    return this.waitForTask(id, ({ status }) => isTerminalTaskStatus(status));
  }

  /** The typed client that others use. */
  get client(): GofdClient {
    const baseUrl = new URL(this.#baseUrl).origin;
    return new GofdClient({ baseUrl, username: 'gofd', password: 'gofd' });
  }

  /** Of the running router: `get /api/v1/server/tasks/{id}`. */
  get routes(): string[] {
    const router = this.#app.getHttpAdapter().getInstance() as RoutedApp;
    return router.router.stack.flatMap(({ route }) =>
      Object.keys(route?.methods ?? {}).map(
        (method) => `${method} ${route?.path.replace(/:(\w+)/g, '{$1}') ?? ''}`,
      ),
    );
  }

  get url(): string {
    return this.#baseUrl;
  }

  /** As if the process were killed: nothing that happens from now on is stored. */
  async die(): Promise<void> {
    this.store.close();
    await this.#app.close();
  }

  close(): Promise<void> {
    return this.#app.close();
  }
}

/** Started for one test and stopped when it is over. */
export async function someAgents(count: number): Promise<FakeAgent[]> {
  return startAgents(Array.from({ length: count }, () => ({})));
}

/** Agents that speak both versions and each have a data port of their own. */
export async function someV2Agents(
  count: number,
  rackOf: (index: number) => string | undefined = () => undefined,
): Promise<FakeAgent[]> {
  const shapes = Array.from({ length: count }, (_, index): FakeAgentShape => {
    const rack = rackOf(index);
    const dataPort = FIRST_DATA_PORT + index;
    return { wireVersions: [1, 2], dataPort, ...(rack !== undefined && { rack }) };
  });
  return startAgents(shapes);
}

async function startAgents(shapes: readonly FakeAgentShape[]): Promise<FakeAgent[]> {
  const agents = await Promise.all(shapes.map((shape) => FakeAgent.start(0, shape)));
  onTestFinished(async () => {
    await Promise.all(agents.map((agent) => agent.stop()));
  });
  return agents;
}

/** As a configuration file gives it. */
export function aServerConfig({
  maxActive = 5,
  agentMgntPort = 45_010,
  topology = 'mesh',
  destNetworks,
}: ServerOptions = {}): ServerConfig {
  const folder = mkdtempSync(join(tmpdir(), 'gofd-server-'));
  try {
    const file = join(folder, 'server.yml');
    writeFileSync(file, configText(maxActive, agentMgntPort, topology, destNetworks));
    return loadServerConfig(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A logger of the chattiest level, and where its lines pile up. */
function capturedLogger() {
  const logLines: string[] = [];
  const stdout = new Writable({
    write: (chunk, _encoding, done) => {
      logLines.push(String(chunk));
      done();
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'gofd-server-log-'));
  try {
    const logFile = join(folder, 'log.yml');
    writeFileSync(logFile, 'level: silly\n');
    return { logger: createLogger({ name: 'server', logFile, stdout }), logLines };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function configText(
  maxActive: number,
  agentMgntPort: number,
  topology: string,
  destNetworks?: readonly string[],
): string {
  const networks = destNetworks ? `, destNetworks: ${JSON.stringify(destNetworks)}` : '';
  return `name: server
net: { ip: 127.0.0.1, mgntPort: 45000, dataPort: 45001, agentMgntPort: ${agentMgntPort}, agentDataPort: 45011 }
auth: { username: gofd, password: LFFex2mDcetFDnghcZqpz0z/zbzYhRLBj58fnAs45uc=, factor: 802cbde8 }
control: { speed: 50, maxActive: ${maxActive}, topology: ${topology}${networks} }
`;
}
