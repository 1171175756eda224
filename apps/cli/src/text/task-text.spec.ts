import { describe, expect, it } from 'vitest';
import { anEndedTask, aTask } from '../../test/a-task.ts';
import { endSummary, taskReport, taskTable } from './task-text.ts';

describe('a task in words', () => {
  it('sums up a task that completed', () => {
    const task = anEndedTask('COMPLETED', {
      hosts: { a: { status: 'COMPLETED', percentComplete: 100 } },
    });
    expect(endSummary(task)).toEqual([
      'task release-7 COMPLETED in 1:23',
      '  1 of 1 host hold 1 file (100 MiB)',
      '  the server sent 104 MiB, 1.04 times the files',
    ]);
  });

  it('names every failed host with its code and sentence', () => {
    const failed = (code: string) => ({ status: 'FAILED' as const, code, message: `why ${code}` });
    const task = anEndedTask('PARTIAL', {
      hosts: {
        a: { status: 'COMPLETED' },
        b: failed('NO_SPACE'),
        'c.example': failed('AGENT_LOST'),
      },
    });
    expect(endSummary(task).slice(3)).toEqual([
      'failed hosts:',
      '  b          NO_SPACE    why NO_SPACE',
      '  c.example  AGENT_LOST  why AGENT_LOST',
    ]);
  });

  it('says what was measured of a host that is late or failed', () => {
    const explanation = 'no space left on its disk, with 43 % received';
    const failed = { status: 'FAILED' as const, code: 'NO_SPACE', message: 'full', explanation };
    const late = { status: 'INPROGRESS' as const, explanation: 'slow: disk-bound' };
    const task = aTask({ hosts: { b: failed, c: late } });
    expect(endSummary(task).at(-1)).toBe(`  b  NO_SPACE  full (${explanation})`);
    expect(taskReport(task).slice(-2)).toEqual([
      `  b  FAILED        0.0 %  NO_SPACE: full (${explanation})`,
      '  c  INPROGRESS    0.0 %  slow: disk-bound',
    ]);
  });

  it('says why a whole task failed', () => {
    const task = anEndedTask('FILE_NOT_EXISTED', {
      code: 'SOURCE_NOT_FOUND',
      message: '/data/app.tar does not exist',
      totalBytes: undefined,
    });
    expect(endSummary(task)[1]).toBe('  SOURCE_NOT_FOUND: /data/app.tar does not exist');
  });

  it('reports one task host by host, failed ones first, with control characters written out', () => {
    const task = aTask({
      attempt: 2,
      hosts: {
        ok: { status: 'COMPLETED', percentComplete: 100 },
        bad: {
          status: 'FAILED',
          percentComplete: 3.14,
          code: 'IO_ERROR',
          message: 'disk\u001b[2J',
        },
      },
    });
    expect(taskReport(task)).toEqual([
      'task release-7  INPROGRESS  attempt 2',
      '  created  2026-11-22T23:15:00.000Z',
      '  started  2026-11-22T23:15:01.000Z',
      '  the server sent 104 MiB, 1.04 times the files',
      '1 file, 100 MiB together:',
      '  /data/app.tar',
      '2 hosts:',
      '  bad  FAILED       3.1 %  IO_ERROR: disk\\u{1b}[2J',
      '  ok   COMPLETED  100.0 %',
    ]);
  });

  it('lists tasks in a table, and says so when there are none', () => {
    expect(taskTable([])).toEqual(['no tasks']);
    expect(
      taskTable([anEndedTask('COMPLETED'), aTask({ id: 'b', totalBytes: undefined })]),
    ).toEqual([
      'ID         STATUS      DONE  FAILED  SIZE     TOOK  CREATED',
      'release-7  COMPLETED   0/1   0       100 MiB  1:23  2026-11-22T23:15:00.000Z',
      'b          INPROGRESS  0/1   0       -        -     2026-11-22T23:15:00.000Z',
    ]);
  });
});
