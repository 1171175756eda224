import { describe, expect, it } from 'vitest';
import { countTests, describeCounts, isSuccess } from './test-counts.ts';

const fileWith = (status: string, ...tests: string[]): object => ({
  status,
  assertionResults: tests.map((test) => ({ status: test })),
});
const reportOf = (...files: object[]): object => ({ testResults: files });

describe('the last line of a test run', () => {
  it('counts passed and failed tests over all files', () => {
    const report = reportOf(
      fileWith('passed', 'passed', 'passed'),
      fileWith('failed', 'passed', 'failed'),
    );
    expect(describeCounts(countTests(report, 1))).toBe('3 passed, 1 failed');
  });

  it('names skipped tests only when there are some', () => {
    const report = reportOf(fileWith('passed', 'passed', 'skipped', 'todo'));
    expect(describeCounts(countTests(report, 0))).toBe('1 passed, 0 failed, 2 skipped');
  });

  it('counts a file that could not be loaded as a failure', () => {
    expect(countTests(reportOf(fileWith('failed')), 1).failed).toBe(1);
  });

  it('counts a failure when Vitest fails though every test passed', () => {
    expect(countTests(reportOf(fileWith('passed', 'passed')), 1)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
    });
  });

  it('counts a failure when Vitest left no report', () => {
    expect(describeCounts(countTests(undefined, 134))).toBe('0 passed, 1 failed');
  });

  it('is no success when nothing ran', () => {
    expect(isSuccess(countTests(reportOf(), 0), 0)).toBe(false);
    expect(isSuccess(countTests(reportOf(fileWith('passed', 'skipped')), 0), 0)).toBe(false);
    expect(isSuccess(countTests(reportOf(fileWith('passed', 'passed')), 0), 0)).toBe(true);
  });
});
