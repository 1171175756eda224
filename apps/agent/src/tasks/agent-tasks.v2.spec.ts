/** v2 tasks whose manifest comes while other calls do. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aCreateCall, aFile } from '../../test/a-create-call.ts';
import { aFolderWith, aService } from '../../test/a-service.ts';
import { aManifest, aV2CreateCall, referenceTo } from '../../test/a-v2-create-call.ts';
import { FakeSource } from '../../test/fake-source.ts';
import { waitUntil } from '../../test/wait-until.ts';
import type { AgentTasksService } from './agent-tasks.service.ts';

const FILES = [aFile('one')];
const MANIFEST = aManifest(FILES);

/** A task whose manifest has come, and is being saved for as long as the test holds the journal. */
async function aManifestBeingSaved() {
  const source = await FakeSource.start();
  const made = aService();
  const linkChain = { dispatchAddrs: [source.address], serverAddr: '127.0.0.1:1' };
  const task = aV2CreateCall(FILES, { manifest: referenceTo(MANIFEST), linkChain });
  const start = { taskId: 't1', linkChain, plan: { sources: [source.address], degree: 1 } };
  await made.service.create(task);
  await made.service.start(start);
  const release = made.journal.hold();
  source.serveManifest(MANIFEST);
  await waitUntil('the manifest', () => made.journal.manifestSavesUnderWay === 1);
  return { ...made, source, task, start, release };
}

function isKnown(service: AgentTasksService): boolean {
  try {
    return service.view('t1').taskId === 't1';
  } catch {
    return false;
  }
}

describe('a task whose manifest is just being saved', () => {
  it('leaves nothing when it is ended, and its names are free', async () => {
    const { service, downdir, release } = await aManifestBeingSaved();
    const ended = service.delete('t1');
    await waitUntil('the end to begin', () => !isKnown(service));
    release();
    await ended;
    expect(readdirSync(join(downdir, '.gofd'))).toEqual([]);
    await service.create(aCreateCall(FILES, { taskId: 't2' }));
    expect(service.view('t2').status).toBe('INPROGRESS');
  });

  it('is gone on with after the agent was stopped', async () => {
    const { service, dataPlane, downdir, source, release } = await aManifestBeingSaved();
    const stopped = service.shutDown();
    release();
    await stopped;
    await dataPlane.shutDown();
    await source.serveV2(FILES);
    const next = aService(downdir);
    await next.service.resumeAll();
    await waitUntil('completion', () => next.service.view('t1').status === 'COMPLETED');
  });

  it('gives way to another attempt', async () => {
    const { service, source, task, start, release } = await aManifestBeingSaved();
    const created = service.create({ ...task, attempt: 2 });
    await waitUntil('the end to begin', () => !isKnown(service));
    release();
    await created;
    await source.serveV2(FILES);
    await service.start(start);
    await waitUntil('completion', () => service.view('t1').status === 'COMPLETED');
    expect(service.view('t1').attempt).toBe(2);
  });
});

describe('a task whose manifest cannot be saved', () => {
  it('fails with the reason of the disk, and says so', async () => {
    const source = await FakeSource.start();
    source.serveManifest(MANIFEST);
    const task = aV2CreateCall(FILES, { manifest: referenceTo(MANIFEST) });
    const plan = { sources: [source.address], degree: 1 };
    const downdir = await aFolderWith({ task, runs: 1, plan });
    mkdirSync(join(downdir, '.gofd/t1/manifest'));
    const { service, reports } = aService(downdir);
    await service.resumeAll();
    await waitUntil('the verdict', () => reports.length === 1);
    expect(service.view('t1')).toMatchObject({ status: 'FAILED', code: 'DEST_NOT_REGULAR' });
    expect(reports[0]).toMatchObject({ percentComplete: -1, code: 'DEST_NOT_REGULAR' });
  });
});

describe('changing the speed', () => {
  it('of the fastest task sets the limit of the process, within that of the host', async () => {
    const { service, dataPlane } = aService();
    const limits: number[] = [];
    dataPlane.setUploadLimit = (bytesPerSecond) => void limits.push(bytesPerSecond);
    await service.create(aV2CreateCall([aFile('a')], { taskId: 'a', speed: 100 }));
    await service.create(aV2CreateCall([aFile('b')], { taskId: 'b', speed: 200 }));
    await service.setSpeed('a', 300);
    await service.setSpeed('a', 150);
    await service.delete('b');
    expect(limits).toEqual([100, 200, 300, 200, 150]);
  });
});
