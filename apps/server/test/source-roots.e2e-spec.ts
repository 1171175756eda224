/** S09: the real server distributes what lies below its source roots and nothing else. */
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningService } from '@gofd/service-kit';
import type { ErrorBody, TaskView } from '@gofd/task-model';
import { startServer } from '../src/start-server.ts';
import { AUTHORIZATION } from './server-under-test.ts';
import { waitUntil } from './wait-until.ts';

let folder: string;
let service: RunningService;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gofd-roots-'));
  mkdirSync(join(folder, 'share'));
  mkdirSync(join(folder, 'etc'));
  writeFileSync(join(folder, 'etc', 'shadow'), 'secret');
  writeFileSync(join(folder, 'share', 'file'), 'public');
  symlinkSync('../etc/shadow', join(folder, 'share', 'link'));
  linkSync(join(folder, 'etc', 'shadow'), join(folder, 'share', 'hard'));
  const [mgntPort, dataPort] = [await freePort(), await freePort()];
  writeFileSync(join(folder, 'log.yml'), 'console: false\nfile: { path: log.txt }\n');
  writeFileSync(join(folder, 'server.yml'), configText(mgntPort, dataPort));
  service = await startServer(join(folder, 'server.yml'));
  url = `http://127.0.0.1:${mgntPort}/api/v1/server/tasks`;
});
afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

function configText(mgntPort: number, dataPort: number): string {
  return `log: log.yml
net: { ip: 127.0.0.1, mgntPort: ${mgntPort}, dataPort: ${dataPort}, agentMgntPort: 9, agentDataPort: 10 }
auth: { username: gofd, password: LFFex2mDcetFDnghcZqpz0z/zbzYhRLBj58fnAs45uc=, factor: 802cbde8 }
control: { sourceRoots: [share] }
`;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function call<T>(method: string, path: string, body?: object) {
  const headers = { authorization: AUTHORIZATION, 'content-type': 'application/json' };
  const text = body && { body: JSON.stringify(body) };
  const response = await fetch(url + path, { method, headers, ...text });
  return { status: response.status, body: (await response.json()) as T };
}

const create = (id: string, ...names: string[]) =>
  call<TaskView & ErrorBody>('POST', '', {
    id,
    dispatchFiles: names.map((name) => (name.startsWith('/') ? name : `${folder}/${name}`)),
    destIPs: ['127.0.0.1'],
  });

describe('S09: a server with source roots', () => {
  it.each([
    ['etc/shadow'],
    ['share/../etc/shadow'],
    ['share/link'],
    ['share/hard'],
    ['/proc/self/root/etc/hostname'],
    ['/etc/no-such-file'],
  ])('refuses a task with %s, naming the file, and has no such task', async (name) => {
    const { status, body } = await create('t1', 'share/file', name);
    expect([status, body.code]).toEqual([403, 'SOURCE_FORBIDDEN']);
    expect(body.details).toMatchObject([{ field: 'dispatchFiles[1]', code: 'SOURCE_FORBIDDEN' }]);
    expect(body.message).toContain(name);
    expect((await call('GET', '/t1')).status).toBe(404);
  });

  it('takes one with what lies inside; what is wrong with the call is told first', async () => {
    expect((await create('fine', 'share/file')).status).toBe(200);
    const { status, body } = await create('bad', 'etc/shadow', 'share/shadow');
    expect([status, body.code]).toEqual([409, 'DUPLICATE_FILE_NAME']);
  });

  it('fails a task whose file has left them since', async () => {
    writeFileSync(join(folder, 'share', 'moving'), 'x');
    expect((await create('moved', 'share/moving')).status).toBe(200);
    const ended = await waitUntil<TaskView>('the end', async () => {
      const { body } = await call<TaskView>('GET', '/moved');
      return body.status === 'FAILED' && body;
    });
    expect(ended.code).toBe('ALL_HOSTS_FAILED');
    rmSync(join(folder, 'share', 'moving'));
    symlinkSync('../etc/shadow', join(folder, 'share', 'moving'));
    expect((await call('POST', '/moved/retry', undefined)).status).toBe(200);
    const again = await waitUntil<TaskView>('the second end', async () => {
      const { body } = await call<TaskView>('GET', '/moved');
      return body.status === 'FAILED' && body.attempt === 2 && body;
    });
    expect(again).toMatchObject({ code: 'SOURCE_FORBIDDEN', serverSentBytes: 0 });
  });
});
