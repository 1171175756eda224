import { describe, expect, it } from 'vitest';
import { createReportSecret, REPORT_SECRET_BYTES, ReportTokens } from './report-token.ts';

const IDENTITY = { taskId: 't1', attempt: 1, host: '10.0.0.1' };

describe('S08: a report token', () => {
  const tokens = new ReportTokens(createReportSecret());
  const token = tokens.tokenFor(IDENTITY);

  it('is right for one host of one attempt at one task', () => {
    expect(tokens.isTokenOf(IDENTITY, token)).toBe(true);
    for (const other of [{ taskId: 't2' }, { attempt: 2 }, { host: '10.0.0.2' }]) {
      expect(tokens.isTokenOf({ ...IDENTITY, ...other }, token)).toBe(false);
    }
    for (const wrong of ['', token.slice(1), `${token}A`, token.toLowerCase()]) {
      expect(tokens.isTokenOf(IDENTITY, wrong)).toBe(false);
    }
  });

  it('cannot be made without the secret', () => {
    expect(new ReportTokens(createReportSecret()).isTokenOf(IDENTITY, token)).toBe(false);
    expect(() => new ReportTokens(new Uint8Array(REPORT_SECRET_BYTES - 1))).toThrow(RangeError);
  });
});
