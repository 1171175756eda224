import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeServer, ok } from './fake-server.ts';
import { buildGofd, runGofd, type Run } from './run-gofd.ts';

let folder = '';
let server: FakeServer;
beforeAll(async () => {
  buildGofd();
  folder = mkdtempSync(join(tmpdir(), 'gofd-tls-'));
  for (const name of ['server', 'client', 'other']) makeCertificate(name);
  server = new FakeServer({ key: pem('server.key'), cert: pem('server.crt') });
  await server.start();
  server.willAnswer(ok({ tasks: [] }));
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** A self-signed certificate for 127.0.0.1. */
function makeCertificate(name: string): void {
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', path(`${name}.key`), '-out', path(`${name}.crt`)];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync('openssl', ['req', '-x509', '-days', '1', ...key, ...subject, ...files], {
    stdio: 'ignore',
  });
}

function path(name: string): string {
  return join(folder, name);
}

function pem(name: string): Buffer {
  return readFileSync(path(name));
}

function list(...args: string[]): Promise<Run> {
  return runGofd(['task', 'list', '--user', 'gofd:gofd', ...args]);
}

describe('B61: TLS to the server', () => {
  it('refuses a certificate that nobody vouches for, and names the way out', async () => {
    const run = await list('--server', server.url);
    expect(run).toMatchObject({ status: 69, stdout: '' });
    expect(run.stderr).toMatch(/DEPTH_ZERO_SELF_SIGNED_CERT[^]*hint:.*--ca/);
  });

  it('refuses it too when another certificate is trusted', async () => {
    const run = await list('--server', server.url, '--ca', path('other.crt'));
    expect(run.status).toBe(69);
  });

  it('accepts it with --ca, and an address without a scheme then means https', async () => {
    const run = await list('--server', `127.0.0.1:${server.port}`, '--ca', path('server.crt'));
    expect(run).toMatchObject({ status: 0, stdout: 'no tasks\n', stderr: '' });
  });

  it('accepts it with --insecure, and warns', async () => {
    const run = await list('--server', server.url, '--insecure');
    expect(run).toMatchObject({ status: 0, stdout: 'no tasks\n' });
    expect(run.stderr).toContain('the certificate of the server is not checked');
  });

  it('shows its own certificate to a server that asks for one', async () => {
    const strict = new FakeServer({
      key: pem('server.key'),
      cert: pem('server.crt'),
      ca: pem('client.crt'),
      requestCert: true,
      rejectUnauthorized: true,
    });
    await strict.start();
    strict.willAnswer(ok({ tasks: [] }));
    const trust = ['--server', strict.url, '--ca', path('server.crt')];
    const own = ['--cert', path('client.crt'), '--key', path('client.key')];
    expect((await list(...trust)).status).toBe(69);
    expect((await list(...trust, ...own)).status).toBe(0);
    await strict.stop();
  });

  it.each([
    ['http and --ca', ['--server', 'http://127.0.0.1', '--ca', 'x.pem'], 64],
    ['--ca and --insecure', ['--ca', 'x.pem', '--insecure'], 64],
    ['--cert without --key', ['--cert', 'x.pem'], 64],
    ['--key with plain http', ['--server', 'http://127.0.0.1', '--key', 'x.pem'], 64],
    ['a file that is not there', ['--ca', '/nowhere/ca.pem'], 78],
  ])('does not guess at %s', async (_title, args, status) => {
    expect(await list(...args)).toMatchObject({ status, stdout: '' });
  });

  it.each([
    ['--ca', ['--ca', 'server.key']],
    ['--cert', ['--cert', 'server.key', '--key', 'server.key']],
    ['a --key of another --cert', ['--cert', 'server.crt', '--key', 'client.key']],
  ])('a file that does not do as %s is 78, before any call', async (_title, options) => {
    const args = options.map((word) => (word.startsWith('--') ? word : path(word)));
    const run = await list('--server', server.url, ...args);
    expect(run).toMatchObject({ status: 78, stderr: expect.stringContaining('cannot be used') });
  });

  it('plain http to a TLS port is 69 with a hint at https', async () => {
    const run = await list('--server', `http://127.0.0.1:${server.port}`);
    expect(run).toMatchObject({ status: 69, stderr: expect.stringContaining('https://') });
  });
});
