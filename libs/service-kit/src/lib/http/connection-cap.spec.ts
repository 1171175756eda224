/** S20: at the cap of connections a new one is refused, and those that stand are served on. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { startSampleApp, type SampleApp } from '../../../test/sample-app.ts';
import { MAX_CONNECTIONS, MAX_HEADERS_COUNT } from './limited-express-adapter.ts';

/** Connections that are opened at once: below the backlog of the kernel. */
const BATCH = 128;

let running: SampleApp | undefined;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await running?.app.close();
  running = undefined;
});

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

/** The status line of an answer; empty when the connection is closed instead. */
async function answerTo(socket: Socket, request: string): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  socket.write(request);
  await new Promise<void>((resolve) => {
    socket.on('close', resolve).on('data', () => text.includes('\r\n') && resolve());
    if (socket.destroyed) resolve();
  });
  return text.slice(0, text.indexOf('\r\n'));
}

const HEALTH = 'GET /things/health HTTP/1.1\r\nHost: h\r\n';
const KEPT = `${HEALTH}Connection: keep-alive\r\n\r\n`;

it('S20: refuses the connection after MAX_CONNECTIONS and takes one again when there is room', async () => {
  const { port } = (running = await startSampleApp());
  while (sockets.length < MAX_CONNECTIONS) {
    const left = Math.min(BATCH, MAX_CONNECTIONS - sockets.length);
    await Promise.all(Array.from({ length: left }, () => open(port)));
  }
  const [first, second] = sockets as [Socket, Socket];
  const refused = await open(port);
  expect(await answerTo(refused, KEPT)).toBe('');
  expect(await answerTo(first, KEPT)).toBe('HTTP/1.1 200 OK');
  second.destroy();
  const deadlineMs = performance.now() + 10_000;
  let status = '';
  while (status === '' && performance.now() < deadlineMs) {
    status = await answerTo(await open(port), KEPT);
  }
  expect(status).toBe('HTTP/1.1 200 OK');
});

it('S20: answers a request with MAX_HEADERS_COUNT headers, and refuses one with one more', async () => {
  const { port } = (running = await startSampleApp());
  const withHeaders = (count: number): string => {
    const more = Array.from({ length: count - 1 }, (_, index) => `x-${index}: y\r\n`);
    return `${HEALTH}${more.join('')}\r\n`;
  };
  const [atCap, above] = [withHeaders(MAX_HEADERS_COUNT), withHeaders(MAX_HEADERS_COUNT + 1)];
  expect(await answerTo(await open(port), atCap)).toBe('HTTP/1.1 200 OK');
  expect(await answerTo(await open(port), above)).toMatch(/^HTTP\/1.1 431 /);
  expect(await answerTo(await open(port), atCap)).toBe('HTTP/1.1 200 OK');
});
