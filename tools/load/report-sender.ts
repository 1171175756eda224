/** Sends status reports over a few connections that stay open, and says how long each answer took. */
import { Agent, request } from 'node:http';
import { basicAuth, PASSWORD, USERNAME } from '../cluster/cluster.ts';
import type { Assignment } from './fake-fleet.ts';

const MAX_CONNECTIONS = 64;

export class ReportSender {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: MAX_CONNECTIONS });
  readonly #url: URL;

  constructor(serverUrl: string) {
    this.#url = new URL('/api/v1/server/tasks/status', serverUrl);
  }

  /** @returns the status of the answer; 0 when none came */
  send(assignment: Assignment, percentComplete: number): Promise<number> {
    assignment.sequence += 1;
    const body = JSON.stringify({ ...assignment, percentComplete });
    return new Promise((resolve) => {
      const call = request(this.#url, {
        method: 'POST',
        agent: this.#agent,
        headers: {
          authorization: basicAuth(USERNAME, PASSWORD),
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
      });
      call.on('error', () => resolve(0));
      call.on('response', (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      });
      call.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
