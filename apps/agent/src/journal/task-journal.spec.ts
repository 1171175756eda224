import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { taskDirectory } from '@gofd/piece-store';
import type { PullPlanDto } from '@gofd/task-model';
import { aCreateCall, aFile } from '../../test/a-create-call.ts';
import { aV2CreateCall } from '../../test/a-v2-create-call.ts';
import { TaskJournal, type JournalEntry } from './task-journal.ts';

const ENTRY: JournalEntry = { task: aCreateCall([aFile('a'), aFile('b')]), runs: 1 };

const PLAN: PullPlanDto = {
  sources: ['10.0.0.2:45011', '10.0.0.3:45011'],
  degree: 1,
  origin: '10.0.0.1:45001',
  rack: { name: 'r1', members: ['10.0.0.2:45011', '10.0.0.4:45011'] },
};

/** A download directory that is gone after the test, with places for these tasks. */
function aJournal(...taskIds: readonly string[]) {
  const downdir = mkdtempSync(join(tmpdir(), 'gofd-journal-'));
  onTestFinished(() => rmSync(downdir, { recursive: true }));
  for (const taskId of taskIds) mkdirSync(taskDirectory(downdir, taskId), { recursive: true });
  const damaged: string[] = [];
  const journal = new TaskJournal(downdir);
  return {
    journal,
    damaged,
    pathOf: (taskId: string, name = 'task.json') => join(taskDirectory(downdir, taskId), name),
    load: () => journal.loadAll((taskId, why) => damaged.push(`${taskId}: ${why}`)),
  };
}

/** As it is read back. */
function saved(entry: JournalEntry): object {
  return { ...entry, savedAtMs: expect.any(Number) };
}

describe('the journal of a task', () => {
  it('gives back what was saved', async () => {
    const { journal, load, damaged } = aJournal('t1');
    await journal.save(ENTRY);
    expect(await load()).toEqual([saved(ENTRY)]);
    expect(damaged).toEqual([]);
  });

  it('gives back every part that there is', async () => {
    const { journal, load } = aJournal('t1');
    const entry: JournalEntry = {
      ...ENTRY,
      runs: 7,
      speed: 1,
      chain: ['10.0.0.1:45001', '10.0.0.2:45011'],
      plan: PLAN,
      completed: true,
      failure: { code: 'NO_SPACE', message: 'full' },
      isOver: true,
    };
    await journal.save(entry);
    expect(await load()).toEqual([saved(entry)]);
  });

  it('keeps the create call of a v2 task, key and all', async () => {
    const { journal, load, damaged } = aJournal('t1');
    const entry: JournalEntry = { task: aV2CreateCall([aFile('a')]), runs: 1, plan: PLAN };
    await journal.save(entry);
    expect(await load()).toEqual([saved(entry)]);
    expect(damaged).toEqual([]);
  });

  it('has the last word only', async () => {
    const { journal, load } = aJournal('t1');
    await journal.save({ ...ENTRY, chain: ['10.0.0.1:45001'], runs: 1 });
    await journal.save({ ...ENTRY, runs: 2 });
    expect(await load()).toEqual([saved({ ...ENTRY, runs: 2 })]);
  });

  it('says when it was written', async () => {
    const { journal, load, pathOf } = aJournal('t1');
    await journal.save(ENTRY);
    const yesterday = new Date(Date.now() - 24 * 3_600_000);
    utimesSync(pathOf('t1'), yesterday, yesterday);
    expect(await load()).toMatchObject([{ savedAtMs: yesterday.getTime() }]);
  });

  it('is readable by nobody else', async () => {
    const { journal, pathOf } = aJournal('t1');
    await journal.save(ENTRY);
    expect(statSync(pathOf('t1')).mode & 0o777).toBe(0o600);
  });

  it('stays as it was when the process dies while the next one is written', async () => {
    const { journal, load, pathOf } = aJournal('t1');
    await journal.save(ENTRY);
    writeFileSync(pathOf('t1', 'task.json.new'), '{"version":1,"ta');
    expect(await load()).toEqual([saved(ENTRY)]);
    await journal.save({ ...ENTRY, runs: 2 });
    expect(await load()).toEqual([saved({ ...ENTRY, runs: 2 })]);
  });

  it('is empty where no task ever was', async () => {
    const { load, damaged } = aJournal();
    expect(await load()).toEqual([]);
    expect(damaged).toEqual([]);
  });
});

describe('a damaged journal', () => {
  const good = { version: 1, ...ENTRY };

  it.each([
    ['is empty', '', /JSON/],
    ['was cut short', JSON.stringify(good).slice(0, -1), /JSON/],
    ['is null', 'null', /null/],
    ['is of another version', JSON.stringify({ ...good, version: 2 }), /journal version 2/],
    ['has no version', JSON.stringify(ENTRY), /journal version undefined/],
    ['has no task', JSON.stringify({ version: 1, runs: 1 }), /./],
    [
      "is another task's",
      JSON.stringify({ ...good, task: { ...ENTRY.task, taskId: 't2' } }),
      /journal of task t2/,
    ],
    [
      'has a bad field',
      JSON.stringify({ ...good, task: { ...ENTRY.task, speed: 'fast' } }),
      /bad field speed/,
    ],
    [
      'has an unknown field',
      JSON.stringify({ ...good, task: { ...ENTRY.task, mood: 1 } }),
      /bad field mood/,
    ],
    ['does not count its runs', JSON.stringify({ ...good, runs: '1' }), /bad field runs/],
    ['has a chain that is none', JSON.stringify({ ...good, chain: 5 }), /bad field chain/],
    ['has a speed in words', JSON.stringify({ ...good, speed: 'fast' }), /bad field speed/],
    ['has a speed of 0', JSON.stringify({ ...good, speed: 0 }), /bad field speed/],
    ['has a negative speed', JSON.stringify({ ...good, speed: -1 }), /bad field speed/],
    ['has a plan that is none', JSON.stringify({ ...good, plan: 5 }), /bad field plan/],
    ['has a list of plans', JSON.stringify({ ...good, plan: [PLAN] }), /bad field plan/],
    ['has an empty plan', JSON.stringify({ ...good, plan: {} }), /bad field sources/],
    [
      'has a plan with an unknown field',
      JSON.stringify({ ...good, plan: { ...PLAN, mood: 1 } }),
      /bad field mood/,
    ],
    [
      'has a plan with a bad address',
      JSON.stringify({ ...good, plan: { ...PLAN, origin: 'nowhere' } }),
      /bad field origin/,
    ],
    [
      'has a plan with a bad rack',
      JSON.stringify({ ...good, plan: { ...PLAN, rack: { name: 'r1' } } }),
      /bad field rack/,
    ],
    ['has a chain of numbers', JSON.stringify({ ...good, chain: [5] }), /bad field chain/],
  ])('that %s is named, left alone, and disturbs no other', async (_what, text, why) => {
    const { journal, load, damaged, pathOf } = aJournal('t1', 'whole');
    const whole = { ...ENTRY, task: aCreateCall([aFile('c')], { taskId: 'whole' }) };
    await journal.save(whole);
    writeFileSync(pathOf('t1'), text);
    expect(await load()).toEqual([saved(whole)]);
    expect(damaged).toEqual([expect.stringMatching(/^t1: /)]);
    expect(damaged[0]).toMatch(why);
    expect(readFileSync(pathOf('t1'), 'utf8')).toBe(text);
  });

  it('that is not there at all is named too', async () => {
    const { load, damaged } = aJournal('t1');
    expect(await load()).toEqual([]);
    expect(damaged).toEqual([expect.stringContaining('ENOENT')]);
  });
});

describe('the manifest of a task', () => {
  const MANIFEST = Buffer.from('bytes of a manifest, \0 and all');

  it('comes back as it was saved, the last one only', async () => {
    const { journal } = aJournal('t1', 't2');
    await journal.saveManifest('t1', Buffer.from('an older one that was longer than this'));
    await journal.saveManifest('t1', MANIFEST);
    expect(await journal.loadManifest('t1')).toEqual(MANIFEST);
    expect(await journal.loadManifest('t2')).toBeUndefined();
  });

  it('is readable by nobody else', async () => {
    const { journal, pathOf } = aJournal('t1');
    await journal.saveManifest('t1', MANIFEST);
    expect(statSync(pathOf('t1', 'manifest')).mode & 0o777).toBe(0o600);
  });

  it('disturbs no entry, and no entry disturbs it', async () => {
    const { journal, load, damaged } = aJournal('t1');
    await journal.saveManifest('t1', MANIFEST);
    await journal.save(ENTRY);
    await journal.saveManifest('t1', MANIFEST);
    expect(await load()).toEqual([saved(ENTRY)]);
    expect(await journal.loadManifest('t1')).toEqual(MANIFEST);
    expect(damaged).toEqual([]);
  });

  it('that cannot be read is as good as none', async () => {
    const { journal, pathOf } = aJournal('t1');
    mkdirSync(pathOf('t1', 'manifest'));
    expect(await journal.loadManifest('t1')).toBeUndefined();
  });

  it('that cannot be written says where, and leaves nothing half-written', async () => {
    const { journal, pathOf } = aJournal('t1');
    mkdirSync(pathOf('t1', 'manifest'));
    await expect(journal.saveManifest('t1', MANIFEST)).rejects.toMatchObject({
      name: 'StoreError',
      message: expect.stringContaining(pathOf('t1', 'manifest')) as string,
    });
    expect(() => statSync(pathOf('t1', 'manifest.new'))).toThrow('ENOENT');
  });
});
