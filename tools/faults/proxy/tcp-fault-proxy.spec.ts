import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitUntil } from '../../cluster/wait-until.ts';
import { MAX_CONNECTIONS, TcpFaultProxy } from './tcp-fault-proxy.ts';

/** Sends back what it gets. */
let echo: Server;
let proxy: TcpFaultProxy;
let port: number;
const sockets: Socket[] = [];

beforeEach(async () => {
  echo = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  const target = await listening(echo);
  const free = createServer();
  port = await listening(free);
  free.close();
  await once(free, 'close');
  proxy = new TcpFaultProxy({ host: '127.0.0.1', port }, { host: '127.0.0.1', port: target }, 's');
  await proxy.listen();
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await proxy.close();
  echo.close();
});

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A connection through the proxy, and what came back on it. */
async function call(): Promise<{ socket: Socket; read: () => string; ending: () => string }> {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  let text = '';
  let ending = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  socket.on('error', (error: NodeJS.ErrnoException) => (ending = error.code ?? ''));
  socket.on('end', () => (ending = 'FIN'));
  await once(socket, 'connect');
  return { socket, read: () => text, ending: () => ending };
}

describe('TcpFaultProxy', () => {
  it('passes on both ways, and the end as well', async () => {
    const { socket, read, ending } = await call();
    socket.end('hello');
    await waitUntil('the end', () => ending() === 'FIN');
    expect(read()).toBe('hello');
  });

  it('cuts a connection at the byte', async () => {
    proxy.setFault({ from: { kind: 'cut', afterBytes: 3, isReset: false } });
    const { socket, read, ending } = await call();
    socket.write('hello');
    await waitUntil('the end', () => ending() === 'FIN');
    expect(read()).toBe('hel');
  });

  it('resets a connection', async () => {
    proxy.setFault({ towards: { kind: 'cut', afterBytes: 0, isReset: true } });
    const { socket, ending } = await call();
    socket.write('hello');
    await waitUntil('the reset', () => ending() === 'ECONNRESET');
  });

  it('distorts connections that were there before, and heals by resetting them', async () => {
    const { socket, read, ending } = await call();
    socket.write('a');
    await waitUntil('the echo', () => read() === 'a');
    proxy.setFault({ towards: { kind: 'flip', everyBytes: 1 } });
    socket.write('b');
    await waitUntil('the changed echo', () => read().length === 2);
    expect(read()).not.toBe('ab');
    proxy.heal();
    await waitUntil('the reset', () => ending() === 'ECONNRESET');
    const again = await call();
    again.socket.write('c');
    await waitUntil('the true echo', () => again.read() === 'c');
  });

  it('swallows what it is sent, and the connection stays', async () => {
    proxy.setFault({ from: { kind: 'silence' } });
    const silent = await call();
    silent.socket.write('hello');
    proxy.setFault({});
    const other = await call();
    other.socket.write('x');
    await waitUntil('the other echo', () => other.read() === 'x');
    expect(silent.ending()).toBe('');
  });

  it('answers in place of the process', async () => {
    proxy.setFault({ answer: 'no' });
    const { socket, read, ending } = await call();
    socket.write('hello');
    await waitUntil('the end', () => ending() === 'FIN');
    expect(read()).toBe('no');
  });

  it('is bounded: a connection too many is reset, those before it stay', async () => {
    const calls = await Promise.all(Array.from({ length: MAX_CONNECTIONS }, () => call()));
    await waitUntil('all of them', () => proxy.acceptedCount === MAX_CONNECTIONS);
    const tooMany = await call().catch(() => undefined);
    if (tooMany) await waitUntil('its reset', () => tooMany.ending() !== '');
    calls[0]?.socket.write('still here');
    await waitUntil('the echo', () => calls[0]?.read() === 'still here');
  });
});
