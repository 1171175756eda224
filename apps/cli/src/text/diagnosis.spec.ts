import type { HostCheck, HostInTask, HostRow } from '@gofd/task-model';
import { describe, expect, it } from 'vitest';
import { diagnose, diagnosisLines } from './diagnosis.ts';

const WELL: HostCheck = {
  plan: {
    host: '10.0.0.7',
    verdict: 'READY',
    version: '0.1.0',
    freeBytes: 5 * 1024 ** 3,
    problems: [],
    measuredBytesPerSecond: 50 * 1024 ** 2,
  },
  announced: {
    name: 'web-1',
    address: '10.0.0.7:45010',
    dataPort: 45_011,
    version: '0.1.0',
    freeBytes: 1,
    zone: 'b',
    labels: { role: 'web' },
    lastSeenAt: '2026-11-22T23:16:00.000Z',
    isAlive: true,
  },
  tasks: [inTask('release-7', { status: 'COMPLETED', percentComplete: 100 })],
};

function inTask(id: string, row: Partial<HostRow>): HostInTask {
  const at = '2026-11-22T23:16:00.000Z';
  const usual = { host: '10.0.0.7', status: 'FAILED', percentComplete: 0, attempt: 1 } as const;
  return { id, status: 'PARTIAL', createdAt: at, row: { ...usual, updatedAt: at, ...row } };
}

function findings(check: HostCheck): string[] {
  return diagnose(check).map(({ title, finding }) => `${title}: ${finding}`);
}

describe('diagnose', () => {
  it('finds nothing wrong with a host that is well, and says so', () => {
    expect(diagnosisLines('10.0.0.7', diagnose(WELL))).toEqual([
      'host 10.0.0.7',
      '  ok       agent         answers, version 0.1.0',
      '  ok       downdir       can be written, 5.00 GiB free',
      '  ok       announcement  web-1, zone=b, role=web, last heard of 2026-11-22T23:16:00.000Z',
      '  ok       last tasks    release-7 (task PARTIAL): COMPLETED 100.0 %',
      '  ok       speed         50.0 MiB/s in the last tasks that it completed',
      'nothing is wrong',
    ]);
  });

  it('says what to do about a host that cannot be reached, and guesses nothing of its disk', () => {
    const problems = [{ code: 'AGENT_UNREACHABLE', message: 'no answer' }];
    const check: HostCheck = {
      plan: { host: '10.0.0.7', verdict: 'NOT_READY', problems },
      tasks: [],
    };
    expect(findings(check)).toEqual([
      'agent: problem',
      'announcement: note',
      'last tasks: note',
      'speed: note',
    ]);
    const lines = diagnosisLines('10.0.0.7', diagnose(check));
    expect(lines[1]).toContain('AGENT_UNREACHABLE: no answer');
    expect(lines[2]).toMatch(/^ {11}next: on the host: is the agent running/);
    expect(lines.at(-1)).toBe('1 of 4 checks found a problem');
  });

  it('names every problem of the place by itself', () => {
    const problems = [
      { code: 'DEST_UNWRITABLE', message: 'read-only' },
      { code: 'NO_SPACE', message: 'full' },
    ];
    const check = { ...WELL, plan: { ...WELL.plan, verdict: 'NOT_READY' as const, problems } };
    expect(findings(check).slice(0, 3)).toEqual([
      'agent: ok',
      'downdir: problem',
      'downdir: problem',
    ]);
  });

  it('calls an agent that cannot be asked a problem, with the way out', () => {
    const problems = [{ code: 'PLAN_UNSUPPORTED', message: 'too old' }];
    const check = { ...WELL, plan: { ...WELL.plan, verdict: 'UNKNOWN' as const, problems } };
    expect(diagnose(check)[1]).toMatchObject({
      finding: 'problem',
      next: expect.stringContaining('update the agent') as string,
    });
  });

  it('counts the newest task and tells of the others', () => {
    const failed = inTask('new', { code: 'NO_SPACE', message: 'full', explanation: 'disk-bound' });
    const [, , , last] = diagnose({ ...WELL, tasks: [failed, ...WELL.tasks] });
    expect(last).toEqual({
      title: 'last tasks',
      finding: 'problem',
      text: 'new (task PARTIAL): FAILED 0.0 %, NO_SPACE: full (disk-bound); before: release-7 COMPLETED',
      next: expect.stringMatching(/^free space .*; then: gofd task retry new$/) as string,
    });
    expect(findings({ ...WELL, tasks: [...WELL.tasks, failed] })[3]).toBe('last tasks: ok');
    const late = inTask('now', { status: 'INPROGRESS', explanation: 'slow: disk-bound' });
    expect(findings({ ...WELL, tasks: [late] })[3]).toBe('last tasks: problem');
  });

  it('tells an agent that is silent from one that only cannot announce itself', () => {
    const announced = WELL.announced && { ...WELL.announced, isAlive: false };
    const silent = { ...WELL, ...(announced && { announced }) };
    expect(diagnose(silent)[2]?.next).toContain('let the agent reach the server');
    const problems = [{ code: 'AGENT_UNREACHABLE', message: 'no answer' }];
    const gone = { ...silent, plan: { host: 'h', verdict: 'NOT_READY' as const, problems } };
    expect(diagnose(gone)[1]?.next).toContain('start the agent');
  });
});
