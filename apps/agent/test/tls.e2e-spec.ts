/** B61: reports, and with them the password of the fleet, go to a server that can be verified. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aCreateCall, aFile } from './a-create-call.ts';
import { AgentUnderTest } from './agent-under-test.ts';
import { FakeServer } from './fake-server.ts';
import { waitUntil } from './wait-until.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gofd-agent-tls-'));
  for (const name of ['server', 'agent', 'stranger']) makeCertificate(name);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A certificate for 127.0.0.1 that is its own authority. */
function makeCertificate(name: string): void {
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', pem(`${name}.key`), '-out', pem(`${name}.crt`)];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync('openssl', ['req', '-x509', '-days', '2', ...key, ...subject, ...files], {
    stdio: 'ignore',
  });
}

function pem(name: string): string {
  return join(folder, name);
}

/** An agent that trusts only `ca`, and a server with a certificate of its own; a task between them. */
async function aTaskReportedOverTls(ca?: string) {
  const server = await FakeServer.start({
    cert: readFileSync(pem('server.crt')),
    key: readFileSync(pem('server.key')),
  });
  const own = { cert: pem('agent.crt'), key: pem('agent.key') };
  const agent = await AgentUnderTest.start({ tls: { ...own, ...(ca && { ca: pem(ca) }) } });
  const linkChain = { dispatchAddrs: ['127.0.0.1:1'], serverAddr: server.address };
  const { status } = await agent.create(aCreateCall([aFile('empty', 0)], { linkChain }));
  expect(status).toBe(200);
  return { agent, server };
}

describe('B61: an agent whose net.tls has a certificate', () => {
  it('reports to a server that its `ca` vouches for', async () => {
    const { server } = await aTaskReportedOverTls('server.crt');
    await server.waitForPercent(100);
    expect(server.failedHandshakes).toBe(0);
  });

  it.each([
    ['without a `ca`', undefined],
    ['with the `ca` of somebody else', 'stranger.crt'],
  ])('%s tells a self-signed server nothing, and keeps the verdict', async (_what, ca) => {
    const { agent, server } = await aTaskReportedOverTls(ca);
    await waitUntil('two refusals', () => server.failedHandshakes >= 2);
    expect(server.reports).toEqual([]);
    expect(await agent.view()).toMatchObject({ status: 'COMPLETED' });
  });
});
