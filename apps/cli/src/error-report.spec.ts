import { describe, expect, it } from 'vitest';
import { errorLines, MAX_DETAIL_LINES } from './error-report.ts';
import { CliError, errorFromAnswer } from './errors.ts';
import { EXIT_CODES, exitCodeHelp, outcomeOfTask } from './exit-codes.ts';
import { TASK_STATUSES } from '@gofd/task-model';

const problem = (field: string) => ({
  field,
  code: 'FIELD_TYPE' as const,
  message: `${field} bad`,
});

describe('errorLines', () => {
  it('says the code, the sentence, each field, the request id and the hint', () => {
    const body = { statusCode: 400, code: 'INVALID_HOST', message: 'two things are wrong' };
    const error = errorFromAnswer({
      ...body,
      details: [problem('id'), problem('a')],
      requestId: 'r1',
    });
    expect(errorLines(error)).toEqual([
      'gofd: INVALID_HOST: two things are wrong',
      '  id: FIELD_TYPE: id bad',
      '  a: FIELD_TYPE: a bad',
      '  request id: r1',
      'hint: a host is 10.0.0.7, [2001:db8::7] or a name, each with an optional :port',
    ]);
  });

  it('does not say the same twice', () => {
    const body = {
      statusCode: 400,
      code: 'FIELD_TYPE',
      message: 'id bad',
      details: [problem('id')],
    };
    expect(errorLines(errorFromAnswer(body))).toEqual(['gofd: FIELD_TYPE: id bad']);
  });

  it('bounds the list of fields', () => {
    const details = Array.from({ length: MAX_DETAIL_LINES + 5 }, (_, i) =>
      problem(`destIPs[${i}]`),
    );
    const lines = errorLines(new CliError('refused', 'many', { details }));
    expect(lines).toHaveLength(MAX_DETAIL_LINES + 2);
    expect(lines.at(-1)).toBe('  … and 5 more');
  });

  it('writes out control characters of a foreign sentence', () => {
    expect(errorLines(new CliError('refused', 'a\u001b]0;b'))[0]).toBe('gofd: a\\u{1b}]0;b');
  });

  it('shows the stack of what nobody foresaw', () => {
    expect(errorLines(new Error('oops')).join('\n')).toMatch(/report it[^]*Error: oops[^]*at /);
  });
});

describe('exit codes', () => {
  it('has one meaning for each number, all of them in the help', () => {
    const numbers = Object.values(EXIT_CODES).map(({ status }) => status);
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const { meaning } of Object.values(EXIT_CODES)) expect(exitCodeHelp()).toContain(meaning);
  });

  it('tells by number how a task ended', () => {
    const numbers = TASK_STATUSES.map((status) => [
      status,
      EXIT_CODES[outcomeOfTask(status)].status,
    ]);
    expect(Object.fromEntries(numbers)).toMatchObject({
      COMPLETED: 0,
      FAILED: 1,
      FILE_NOT_EXISTED: 1,
      PARTIAL: 2,
      CANCELLED: 3,
    });
  });
});
