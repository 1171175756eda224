import { connect } from 'node:net';
import type { Server } from 'node:http';
import { describe, expect, it } from 'vitest';
import { startSampleApp } from '../../../test/sample-app.ts';
import {
  DRAIN_TIMEOUT_MS,
  HEADERS_TIMEOUT_MS,
  MAX_CONNECTIONS,
  MAX_HEADERS_COUNT,
  REQUEST_TIMEOUT_MS,
} from './limited-express-adapter.ts';
import { listen } from './listen.ts';

describe('listen', () => {
  it('B92: a port in use is named with its address and configuration key', async () => {
    const first = await startSampleApp();
    const second = await startSampleApp();
    await second.app.close();
    await expect(listen(second.app, '127.0.0.1', first.port)).rejects.toMatchObject({
      code: 'LISTEN_PORT_IN_USE',
      message: `cannot listen on 127.0.0.1:${first.port} (net.mgntPort): another process uses it already`,
    });
    await first.app.close();
  });

  it('names an address that this machine does not have', async () => {
    const { app } = await startSampleApp();
    await app.close();
    await expect(listen(app, '192.0.2.1', 45000)).rejects.toMatchObject({
      code: 'LISTEN_ADDRESS_NOT_HERE',
    });
  });
});

describe('the server behind it', () => {
  it('S20: has every limit set', async () => {
    const { app } = await startSampleApp();
    const server = app.getHttpServer() as Server;
    expect(server).toMatchObject({
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      maxConnections: MAX_CONNECTIONS,
      maxHeadersCount: MAX_HEADERS_COUNT,
    });
    await app.close();
  });

  it('closes although a caller holds its connection half-way through a request', async () => {
    const { app, port } = await startSampleApp();
    const socket = connect(port, '127.0.0.1');
    const closed = new Promise((resolve) =>
      socket.on('error', () => undefined).on('close', resolve),
    );
    await new Promise<void>((resolve) => socket.write('GET / HTTP/1.1\r\n', () => resolve()));
    const startedAt = performance.now();
    await Promise.all([app.close(), closed]);
    expect(performance.now() - startedAt).toBeLessThan(DRAIN_TIMEOUT_MS + 2_000);
  });
});
