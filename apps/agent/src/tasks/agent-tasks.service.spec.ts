import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { StoreError } from '@gofd/piece-store';
import type { DispatchTaskDto } from '@gofd/task-model';
import { aCreateCall, aFile } from '../../test/a-create-call.ts';
import { aFolderWith, aService } from '../../test/a-service.ts';
import { waitUntil } from '../../test/wait-until.ts';
import { TaskJournal } from '../journal/task-journal.ts';
import {
  IDLE_SEED_MS,
  LEFTOVER_TTL_MS,
  MAX_TASKS,
  type AgentTasksService,
} from './agent-tasks.service.ts';

const FILES = [aFile('one')];
const EMPTY_FILE = [aFile('empty', 0)];
const START = {
  taskId: 't1',
  linkChain: { dispatchAddrs: ['127.0.0.1:1'], serverAddr: '127.0.0.1:1' },
};

function keptTasks(downdir: string): readonly string[] {
  return readdirSync(join(downdir, '.gofd')).sort();
}

function isKnown(service: AgentTasksService, taskId: string): boolean {
  try {
    return service.view(taskId).taskId === taskId;
  } catch {
    return false;
  }
}

describe('a create call', () => {
  it('F31: is refused with the error of the system when descriptors run out, not as a bug', async () => {
    const { service, journal } = aService();
    const error = new StoreError('IO_ERROR', 'cannot open /downdir/.gofd: EMFILE');
    const save = vi.spyOn(journal, 'save').mockRejectedValueOnce(error);
    await expect(service.create(aCreateCall(FILES))).rejects.toMatchObject({
      code: 'IO_ERROR',
      message: error.message,
    });
    save.mockRestore();
    await service.create(aCreateCall(FILES));
    expect(service.view('t1').taskId).toBe('t1');
  });
});

describe('calls that come together', () => {
  it('a late "over" for one attempt does not end the next, which took its place', async () => {
    const { service, journal, reports, answers } = aService();
    await service.create(aCreateCall(FILES, { attempt: 1 }));
    await waitUntil('the first report', () => reports.length === 1);
    const release = journal.hold();
    const calls = [service.start(START), service.create(aCreateCall(FILES, { attempt: 2 }))];
    answers[0]?.('taskOver');
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    release();
    await Promise.all(calls);
    await service.start(START);
    expect(service.view('t1').attempt).toBe(2);
  });

  it('a task created again while the agent starts is not replaced by the one on disk', async () => {
    const downdir = await aFolderWith({ task: aCreateCall(FILES, { attempt: 1 }), runs: 1 });
    const { service, journal } = aService(downdir);
    const release = journal.hold();
    const resumed = service.resumeAll();
    const created = service.create(aCreateCall(FILES, { attempt: 2 }));
    release();
    await Promise.all([resumed, created]);
    expect(service.view('t1').attempt).toBe(2);
  });

  it('stopping waits until a task that is just being ended is noted as such', async () => {
    const { service, journal, reports, answers, downdir } = aService();
    await service.create(aCreateCall(FILES));
    await waitUntil('the first report', () => reports.length === 1);
    const release = journal.hold();
    answers[0]?.('taskOver');
    await waitUntil('the note', () => journal.savesUnderWay === 1);
    const stopped = service.shutDown();
    release();
    await stopped;
    const entries = await new TaskJournal(downdir).loadAll(() => undefined);
    expect(entries).toMatchObject([{ isOver: true }]);
  });

  it('a start call while the files are placed spoils no journal', async () => {
    const { service, journal, downdir } = aService();
    const release = journal.hold();
    const created = service.create(aCreateCall(EMPTY_FILE));
    release();
    await created;
    const releaseNotes = journal.hold();
    const started = service.start(START);
    await waitUntil('the file', () => readdirSync(downdir).includes('empty'));
    releaseNotes();
    await started;
    await waitUntil('completion', () => service.view('t1').status === 'COMPLETED');
    expect(journal.mostSavesAtOnce).toBe(1);
    const entries = await new TaskJournal(downdir).loadAll((_taskId, why) => {
      throw new Error(why);
    });
    expect(entries).toMatchObject([{ completed: true, chain: START.linkChain.dispatchAddrs }]);
  });
});

describe('limits', () => {
  it(`keeps ${MAX_TASKS} tasks and refuses one more, also when all come at once`, async () => {
    const { service } = aService();
    const tasks = Array.from({ length: MAX_TASKS + 3 }, (_, n) =>
      aCreateCall([{ name: `f${n}`, bytes: Buffer.alloc(0) }], { taskId: `t${n}` }),
    );
    const results = await Promise.allSettled(tasks.map((task) => service.create(task)));
    const refusals = results.flatMap((result) =>
      result.status === 'rejected' ? [result.reason as unknown] : [],
    );
    expect(refusals).toMatchObject([1, 2, 3].map(() => ({ code: 'TOO_MANY_TASKS' })));
    await service.delete('t0');
    await service.create(tasks.at(-1) as DispatchTaskDto);
  });

  it('refuses an id that does not fit beside the user name', async () => {
    const { service, downdir } = aService();
    await service.create(aCreateCall(FILES, { taskId: 'a'.repeat(100) }));
    await expect(
      service.create(aCreateCall(FILES, { taskId: 'a'.repeat(101) })),
    ).rejects.toMatchObject({ code: 'INVALID_TASK_ID', details: [{ field: 'taskId' }] });
    expect(keptTasks(downdir)).toEqual(['a'.repeat(100)]);
  });
});

describe('what is left of ended tasks', () => {
  const FAILURE = { code: 'NO_SPACE', message: 'full' };

  async function aLeftover(ageMs: number): Promise<string> {
    const downdir = await aFolderWith({ task: aCreateCall(FILES), runs: 1, failure: FAILURE });
    const savedAt = new Date(Date.now() - ageMs);
    utimesSync(join(downdir, '.gofd/t1/task.json'), savedAt, savedAt);
    writeFileSync(join(downdir, '.gofd/t1/0.part'), 'x');
    return downdir;
  }

  it('waits a day for another attempt', async () => {
    const downdir = await aLeftover(LEFTOVER_TTL_MS - 60_000);
    const { service } = aService(downdir);
    await service.resumeAll();
    expect(keptTasks(downdir)).toEqual(['t1']);
    expect(isKnown(service, 't1')).toBe(false);
  });

  it('goes after that', async () => {
    const downdir = await aLeftover(LEFTOVER_TTL_MS + 60_000);
    await aService(downdir).service.resumeAll();
    expect(keptTasks(downdir)).toEqual([]);
  });

  it('stays as long as a task of that name runs, however old', async () => {
    const downdir = await aFolderWith({ task: aCreateCall(FILES), runs: 1 });
    const longAgo = new Date(Date.now() - 10 * LEFTOVER_TTL_MS);
    utimesSync(join(downdir, '.gofd/t1/task.json'), longAgo, longAgo);
    const { service } = aService(downdir);
    await service.resumeAll();
    expect(keptTasks(downdir)).toEqual(['t1']);
    expect(isKnown(service, 't1')).toBe(true);
  });
});

describe('B21: a completed task that the server never ends', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is let go when nobody has pulled from it for a while, and not before', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    const { service } = aService();
    await service.resumeAll();
    await service.create(aCreateCall(EMPTY_FILE));
    await waitUntil('completion', () => service.view('t1').status === 'COMPLETED');
    await vi.advanceTimersByTimeAsync(IDLE_SEED_MS);
    expect(isKnown(service, 't1')).toBe(true);
    await vi.advanceTimersByTimeAsync(60_000);
    await waitUntil('the task to be let go', () => !isKnown(service, 't1'));
  });

  it('is kept while it is not complete', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    const { service, reports } = aService();
    await service.resumeAll();
    await service.create(aCreateCall(FILES));
    await waitUntil('its report', () => reports.length === 1);
    await vi.advanceTimersByTimeAsync(3 * IDLE_SEED_MS);
    expect(isKnown(service, 't1')).toBe(true);
  });
});
