/**
 * Many agents in one process, each with a port of its own on loopback: they take every task, pull
 * nothing and report what they are told to. What a server does with many reports needs no real bytes.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DispatchTaskDto } from '@gofd/task-model';

const DATA_PORT = 45_011;
const INFO = { version: '0.1.0', wireVersions: [1, 2], dataPort: DATA_PORT };

/** One host's part in one task: what its reports have to say of themselves. */
export interface Assignment {
  readonly taskId: string;
  readonly ip: string;
  readonly attempt: number;
  readonly token: string | undefined;
  /** Of the last report. */
  sequence: number;
}

export class FakeFleet {
  readonly #servers: readonly Server[];
  readonly #assignments = new Map<string, Assignment>();

  private constructor(hostCount: number) {
    this.#servers = Array.from({ length: hostCount }, () =>
      createServer((request, response) => void this.#answer(request, response)),
    );
  }

  static async start(hostCount: number): Promise<FakeFleet> {
    const fleet = new FakeFleet(hostCount);
    for (const server of fleet.#servers) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
    return fleet;
  }

  /** Entries of destIPs. */
  get hosts(): string[] {
    return this.#servers.map((server) => `127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  /** What was assigned so far: one for each task and host. */
  get assignments(): Assignment[] {
    return [...this.#assignments.values()];
  }

  stop(): void {
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const isCreate = request.method === 'POST' && request.url === '/api/v1/agent/tasks';
    if (isCreate) this.#assign(JSON.parse(Buffer.concat(chunks).toString()) as DispatchTaskDto);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(INFO));
  }

  #assign({ taskId, host = '', attempt = 1, reportToken }: DispatchTaskDto): void {
    const assignment = { taskId, ip: host, attempt, token: reportToken, sequence: 0 };
    this.#assignments.set(`${taskId} ${host}`, assignment);
  }
}
