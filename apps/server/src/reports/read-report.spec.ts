import { describe, expect, it } from 'vitest';
import { normalizeKeys } from './read-report.ts';

describe('normalizeKeys', () => {
  it('takes the spelling of the reference and any other', () => {
    const body = { TASKID: 't1', IP: '10.0.0.1', PercentComplete: 5 };
    expect(normalizeKeys(body)).toEqual({ taskId: 't1', ip: '10.0.0.1', percentComplete: 5 });
  });

  it('refuses a key in two spellings and names it', () => {
    expect(() => normalizeKeys({ ip: 'a', IP: 'a' })).toThrow(
      expect.objectContaining({
        code: 'DUPLICATE_KEY',
        details: [expect.objectContaining({ field: 'ip' })],
      }),
    );
  });

  it('leaves unknown keys for the validation to name', () => {
    expect(normalizeKeys({ Mood: 1 })).toEqual({ Mood: 1 });
  });
});
