/** The built console and as much of a server as it takes to draw a list and one task under load. */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { TaskSummary } from '@gofd/task-model';
import type { FakeFleet } from './fake-fleet.ts';

const CONSOLE = fileURLToPath(new URL('../../dist/apps/console/', import.meta.url));
const ASSET_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
};
const API = '/api/v1/server';
/** As the server does it. */
const EVENT_INTERVAL_MS = 250;
const MAX_ROWS_PER_EVENT = 1_000;

export interface FakeServerOptions {
  readonly fleet: FakeFleet;
  /** Tasks of the list beside that of the fleet. */
  readonly otherTasks?: readonly TaskSummary[];
  readonly updatesPerSecond: number;
}

export class FakeServer {
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(options: FakeServerOptions): Promise<FakeServer> {
    const server = createServer(({ url = '' }, response) =>
      answer(url.split('?')[0] ?? '', response, options),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new FakeServer(server);
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}

/** Bytes that a browser loads before it can show anything, packed. */
export function packedScriptBytes(): number {
  const scripts = readdirSync(join(CONSOLE, 'assets')).filter((name) => name.endsWith('.js'));
  return scripts
    .map((name) => gzipSync(readFileSync(join(CONSOLE, 'assets', name))).length)
    .reduce((sum, length) => sum + length, 0);
}

function answer(path: string, response: ServerResponse, options: FakeServerOptions): void {
  const { fleet, otherTasks = [] } = options;
  if (path === '/') sendFile(response, 'index.html', 'text/html; charset=utf-8');
  else if (path.startsWith('/assets/')) {
    sendFile(response, path.slice(1), ASSET_TYPES[extname(path)] ?? 'text/plain');
  } else if (path === `${API}/tasks`) {
    response.end(JSON.stringify({ tasks: [fleet.summary(), ...otherTasks] }));
  } else if (path === `${API}/events`) {
    sendEvent(response, 'tasks', [fleet.summary(), ...otherTasks]);
  } else if (path === `${API}/tasks/${fleet.taskId}/events`) streamTask(response, options);
  else response.writeHead(404).end('{}');
}

/** Only files of our own build are asked for here, by our own page. */
function sendFile(response: ServerResponse, name: string, type: string): void {
  response.setHeader('Content-Type', type);
  response.end(readFileSync(join(CONSOLE, name)));
}

function streamTask(
  response: ServerResponse,
  { fleet, updatesPerSecond }: FakeServerOptions,
): void {
  const [first, rest] = [fleet.rows.slice(0, MAX_ROWS_PER_EVENT), MAX_ROWS_PER_EVENT];
  sendEvent(response, 'snapshot', { task: fleet.summary(), hosts: first });
  for (let from = rest; from < fleet.rows.length; from += MAX_ROWS_PER_EVENT) {
    sendEvent(response, 'hosts', fleet.rows.slice(from, from + MAX_ROWS_PER_EVENT));
  }
  const perEvent = Math.round((updatesPerSecond * EVENT_INTERVAL_MS) / 1_000);
  const timer = setInterval(() => {
    if (perEvent > 0) sendEvent(response, 'hosts', fleet.change(perEvent));
    sendEvent(response, 'task', fleet.summary());
  }, EVENT_INTERVAL_MS);
  response.on('close', () => clearInterval(timer));
}

function sendEvent(response: ServerResponse, event: string, data: unknown): void {
  if (!response.headersSent) response.setHeader('Content-Type', 'text/event-stream');
  response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
