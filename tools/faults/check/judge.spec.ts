import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { factsOf, sha256Of, walk } from './file-facts.ts';
import {
  brokenLogs,
  falseStatuses,
  strayPaths,
  touchedSources,
  unmetExpectations,
  wrongBytes,
} from './judge.ts';
import type { ObservedHost, ObservedTask } from './observed-task.ts';

let folder: string;
let downdir: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gofd-judge-'));
  downdir = join(folder, 'agent1');
  mkdirSync(downdir);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const host = 'h1';
const done: ObservedHost = { status: 'COMPLETED', percentComplete: 100 };
const lost: ObservedHost = {
  status: 'FAILED',
  percentComplete: 9,
  code: 'AGENT_LOST',
  message: 'x',
};

function taskOf(status: string, ...infos: ObservedHost[]): ObservedTask {
  const rows = infos.map((info, index) => [`h${index + 1}`, info] as const);
  return { status, attempt: 1, dispatchInfos: Object.fromEntries(rows) };
}

describe('I1: a wrong byte', () => {
  it('is found under a final name, and a right file is none', () => {
    writeFileSync(join(downdir, 'build'), 'right');
    const right = sha256Of([join(downdir, 'build')]).get(join(downdir, 'build')) ?? '';
    const allowed = new Map([['build', new Set([right])]]);
    expect(wrongBytes([{ host, downdir }], allowed)).toEqual([]);
    writeFileSync(join(downdir, 'build'), 'wrong');
    expect(wrongBytes([{ host, downdir }], allowed)).toEqual([
      `I1: h1 shows wrong bytes in ${downdir}/build`,
    ]);
    writeFileSync(join(downdir, 'other'), 'x');
    expect(wrongBytes([{ host, downdir }], allowed)).toContain(
      `I5: h1 has ${downdir}/other, which nobody sent`,
    );
  });
});

describe('I2: a false status', () => {
  const judged = (task: ObservedTask): string[] =>
    falseStatuses(task, [{ host, downdir }], ['build']);

  it('is COMPLETED without the file', () => {
    expect(judged(taskOf('COMPLETED', done))).toEqual(['I2: h1 is COMPLETED without build']);
    writeFileSync(join(downdir, 'build'), 'x');
    expect(judged(taskOf('COMPLETED', done))).toEqual([]);
  });

  it('is FAILED without a reason, with 100 %, or by a bug', () => {
    const failed = (info: Partial<ObservedHost>): string[] =>
      judged({ ...taskOf('FAILED', { ...lost, ...info }), code: 'ALL_HOSTS_FAILED', message: 'x' });
    expect(failed({})).toEqual([]);
    expect(failed({ message: '' })).toEqual(['I2: h1 FAILED without code or sentence']);
    expect(failed({ percentComplete: 100 })).toEqual(['I2: h1 shows 100 % and is FAILED']);
    expect(failed({ code: 'INTERNAL' })).toEqual(['I2: h1 failed by a bug: x']);
  });

  it.each([
    ['COMPLETED', lost],
    ['PARTIAL', lost],
    ['FAILED', lost],
    ['INPROGRESS', lost],
  ])('is %s of a task that does not follow from its hosts', (status, info) => {
    expect(judged(taskOf(status, info))).toEqual([
      `I2: the task is ${status} with 0/1 hosts COMPLETED`,
    ]);
  });

  it('is a task without a row for a host', () => {
    expect(judged(taskOf('CANCELLED'))).toEqual(['I2: the task has no row for h1']);
  });
});

describe('I4: a source', () => {
  it('must keep size, time, inode and content', () => {
    const source = join(folder, 'source');
    writeFileSync(source, 'a');
    const before = factsOf([source]);
    expect(touchedSources(before, factsOf([source]))).toEqual([]);
    rmSync(source);
    writeFileSync(source, 'bb');
    expect(touchedSources(before, factsOf([source]))[0]).toMatch(/touched: bytes, mtimeNs.*sha256/);
    expect(touchedSources(before, new Map())[0]).toContain('is gone');
  });
});

describe('I5: outside the downdirs', () => {
  it('nothing may come or go', () => {
    writeFileSync(join(folder, 'canary'), '');
    const before = walk(folder, [downdir]);
    writeFileSync(join(downdir, 'build'), '');
    expect(strayPaths(before, walk(folder, [downdir]))).toEqual([]);
    rmSync(join(folder, 'canary'));
    writeFileSync(join(folder, 'stray'), '');
    expect(strayPaths(before, walk(folder, [downdir]))).toEqual([
      `I5: ${folder}/stray was made`,
      `I5: ${folder}/canary is gone`,
    ]);
  });
});

describe('I8: a log', () => {
  it('may speak of failures of others, not of its own', () => {
    expect(brokenLogs('a', '2026-11-23T00:37:05.731Z WARN  agent task failed error=x')).toEqual([]);
    expect(brokenLogs('a', '2026-11-23T00:37:05.731Z ERROR agent request failed')).toHaveLength(1);
    expect(brokenLogs('a', 'Uncaught TypeError: x\n  at y')).toHaveLength(1);
    expect(brokenLogs('a', '[UnhandledPromiseRejection: x]')).toHaveLength(1);
  });
});

describe('what a fault demands', () => {
  const hosts = [{ host, downdir }];

  it('is the task status, and COMPLETED of every host that is not named', () => {
    expect(unmetExpectations(taskOf('COMPLETED', done), hosts, { task: ['COMPLETED'] })).toEqual(
      [],
    );
    expect(unmetExpectations(taskOf('PARTIAL', lost), hosts, { task: ['COMPLETED'] })).toHaveLength(
      2,
    );
  });

  it('is the right code of a host that is named', () => {
    const demand = (code: string): string[] =>
      unmetExpectations(taskOf('PARTIAL', lost), hosts, {
        task: ['PARTIAL'],
        hosts: { 0: { status: ['FAILED'], codes: [code] } },
      });
    expect(demand('AGENT_LOST')).toEqual([]);
    expect(demand('NO_SPACE')).toEqual(['expected h1 NO_SPACE, it is AGENT_LOST: x']);
  });

  it('is the right code of the task', () => {
    const task = { ...taskOf('FAILED', lost), code: 'SOURCE_CHANGED' };
    const demand = { task: ['FAILED'], code: 'SOURCE_NOT_FOUND' };
    expect(unmetExpectations(task, hosts, demand)).toEqual([
      "expected the task's code SOURCE_NOT_FOUND, it is SOURCE_CHANGED",
    ]);
  });
});
