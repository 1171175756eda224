/** Agents that announce themselves, and tasks for groups of them. */
import { describe, expect, it } from 'vitest';
import { ServerUnderTest, someAgents } from './server-under-test.ts';

const SAID = { name: 'web-1', dataPort: 45_011, version: '0.1.0', freeBytes: 1_000 };

describe('announced agents', () => {
  it('are listed, and a task may name them by label or zone', async () => {
    const server = await ServerUnderTest.start();
    const agents = await someAgents(2);
    const [one = '', two = ''] = agents.map(({ host }) => host);
    const first = { ...SAID, address: one, zone: 'a', labels: { role: 'web' } };
    const { status, body } = await server.call('POST', '/agents/announce', first);
    expect([status, body]).toEqual([200, { intervalMs: 10_000 }]);
    await server.call('POST', '/agents/announce', { ...SAID, name: 'db-1', address: two });
    expect(await server.client.listAgents()).toEqual([
      expect.objectContaining({ name: 'db-1', address: two, isAlive: true }),
      expect.objectContaining({ ...first, isAlive: true }),
    ]);
    const task = { id: 't1', dispatchFiles: ['/src/two.bin'] };
    const made = await server.client.createTask({ ...task, destGroups: ['role=web,zone=a'] });
    expect(Object.keys(made.dispatchInfos)).toEqual([one]);
    const both = { ...task, id: 't2', destIPs: [two], destGroups: ['zone=a'] };
    expect(Object.keys((await server.client.createTask(both)).dispatchInfos)).toEqual([two, one]);
  });

  it.each([
    [{ destGroups: ['role=none'] }, 'DEST_GROUP_EMPTY', 'destGroups[0]'],
    [{ destGroups: ['role'] }, 'FIELD_RANGE', 'destGroups'],
    [{ destGroups: [] }, 'FIELD_EMPTY', 'destGroups'],
    [{ destGroups: 'zone=a' }, 'FIELD_TYPE', 'destGroups'],
    [{ destIPs: [], destGroups: ['zone=a'] }, 'FIELD_EMPTY', 'destIPs'],
    [{}, 'FIELD_MISSING', 'destIPs'],
  ])('a task for %j is refused with %s', async (hosts, code, field) => {
    const server = await ServerUnderTest.start();
    const task = { id: 't1', dispatchFiles: ['/src/two.bin'], ...hosts };
    const { status, body } = await server.refusal('POST', '/tasks', task);
    expect([status, body.code, body.details?.[0]?.field]).toEqual([400, code, field]);
  });

  it.each([
    [{ address: '10.0.0.1' }, 'INVALID_HOST', 'address'],
    [{ dataPort: 0 }, 'FIELD_RANGE', 'dataPort'],
    [{ freeBytes: -1 }, 'FIELD_RANGE', 'freeBytes'],
    [{ labels: { 'a b': 'c' } }, 'FIELD_RANGE', 'labels'],
    [{ owner: 'me' }, 'FIELD_UNKNOWN', 'owner'],
  ])('an announcement with %j is refused with %s', async (change, code, field) => {
    const server = await ServerUnderTest.start();
    const body = { ...SAID, address: '10.0.0.1:45010', ...change };
    const refused = await server.refusal('POST', '/agents/announce', body);
    expect([refused.status, refused.body.code, refused.body.details?.[0]?.field]).toEqual([
      400,
      code,
      field,
    ]);
    expect(await server.client.listAgents()).toEqual([]);
  });
});
