/** S11: behind `control.destNetworks` the server calls nobody outside of them. */
import { describe, expect, it } from 'vitest';
import type { FakeAgent } from './fake-agent.ts';
import { ServerUnderTest, someAgents } from './server-under-test.ts';

const INSIDE = '10.1.0.1';

function aTask(...destIPs: string[]) {
  return { id: 't1', dispatchFiles: ['/src/two.bin'], destIPs };
}

async function anAgent(): Promise<FakeAgent> {
  return (await someAgents(1))[0] as FakeAgent;
}

describe('a server with control.destNetworks', () => {
  it.each([
    ['a create call', 'POST', () => '/tasks', 'destIPs[1]'],
    ['a plan', 'POST', () => '/tasks/plan', 'destIPs[1]'],
    ['a check', 'GET', (host: string) => `/agents/check?host=${host}`, 'host'],
  ])('refuses in %s a host elsewhere, and does not call it', async (_, method, path, field) => {
    const server = await ServerUnderTest.start({ destNetworks: ['10.1.0.0/16'] });
    const { host, seen } = await anAgent();
    const body = method === 'POST' ? aTask(INSIDE, host) : undefined;
    const refusal = await server.refusal(method, path(host), body);
    expect(refusal.status).toBe(403);
    expect(refusal.body).toMatchObject({ code: 'DEST_FORBIDDEN', details: [{ field }] });
    expect(seen).toEqual([]);
  });

  it('takes a host inside', async () => {
    const server = await ServerUnderTest.start({ destNetworks: ['127.0.0.0/8'] });
    const { host } = await anAgent();
    expect((await server.create('t1', [host])).status).toBe(200);
  });
});
