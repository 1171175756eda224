import { createHttpClient } from '@gofd/service-kit';
import { MAX_RACK_NAME_CHARS, parseHostEntry, type HostEntry } from '@gofd/task-model';
import { describe, expect, it } from 'vitest';
import type { FakeAgent, FakeAnswer } from '../../test/fake-agent.ts';
import { someAgents } from '../../test/server-under-test.ts';
import { HttpAgentClient } from './http-agent-client.ts';

const INFO = { version: '0.1.0', wireVersions: [1, 2], dataPort: 45_011 };
const V1_ALONE = { wireVersions: [1] };

function aClient(): HttpAgentClient {
  const http = createHttpClient({ credentials: { username: 'gofd', password: 'gofd' } });
  return new HttpAgentClient({ http, agentMgntPort: 45_010, tls: undefined });
}

/** What the client makes of an agent's answer to the question what it can do. */
async function infoOf(answer: FakeAnswer | 'down') {
  const [agent] = (await someAgents(1)) as [FakeAgent];
  const entry = parseHostEntry(agent.host) as HostEntry;
  if (answer === 'down') await agent.stop();
  else agent.willAnswer('info', answer);
  return aClient().info(entry);
}

describe('HttpAgentClient.info', () => {
  it('has what the agent says of itself', async () => {
    const body = { ...INFO, rack: 'r7' };
    expect(await infoOf({ status: 200, body })).toEqual({ ok: true, answer: body });
  });

  it.each<[string, FakeAnswer]>([
    ['it does not know the question', { status: 404, body: { message: 'Not Found' } }],
    ['it answers with no body', { status: 200 }],
    ['its answer has no versions', { status: 200, body: { ...INFO, wireVersions: undefined } }],
    ['its versions are no list', { status: 200, body: { ...INFO, wireVersions: 2 } }],
    ['its data port cannot be', { status: 200, body: { ...INFO, dataPort: 70_000 } }],
  ])('takes an agent for one of v1 when %s', async (_what, answer) => {
    expect(await infoOf(answer)).toMatchObject({ ok: true, answer: V1_ALONE });
  });

  it.each([
    ['r', true],
    ['r'.repeat(MAX_RACK_NAME_CHARS), true],
    ['r'.repeat(MAX_RACK_NAME_CHARS + 1), false],
    ['', false],
    [7, false],
    [null, false],
    [['r'], false],
  ])('believes the rack %j: %s; others would refuse a name that cannot be', async (rack, is) => {
    const result = await infoOf({ status: 200, body: { ...INFO, rack } });
    expect(result).toEqual({ ok: true, answer: is ? { ...INFO, rack } : INFO });
  });

  it.each([
    ['down', 'AGENT_UNREACHABLE', true],
    ['cut', 'AGENT_UNREACHABLE', false],
    [{ status: 401 }, 'AGENT_AUTH_REFUSED', false],
    [{ status: 503 }, 'AGENT_REFUSED', false],
  ] as const)('says why there is none: %j is %s', async (answer, code, isRefusedConnection) => {
    const result = await infoOf(answer);
    expect(result).toMatchObject({ ok: false, failure: { code }, isRefusedConnection });
  });
});
