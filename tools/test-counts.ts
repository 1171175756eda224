/** Turns Vitest's JSON report into the one line that a test run ends with. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface FileReport {
  readonly status: string;
  readonly assertionResults: readonly { readonly status: string }[];
}

/**
 * A file that could not be loaded counts as one failed test, and so does a run that Vitest itself
 * calls failed though no test failed (an unhandled rejection, a crash before the report).
 * @param report parsed JSON; anything else than a report means that there is none
 */
export function countTests(report: unknown, exitCode: number): TestCounts {
  const files = fileReports(report);
  const statuses = files.flatMap((file) => file.assertionResults.map(({ status }) => status));
  const countOf = (status: string): number => statuses.filter((it) => it === status).length;
  const passed = countOf('passed');
  const failedTests = countOf('failed');
  const brokenFiles = files.filter(isBroken).length;
  const failed = failedTests + brokenFiles;
  return {
    passed,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: statuses.length - passed - failedTests,
  };
}

export function isSuccess({ passed, failed }: TestCounts, exitCode: number): boolean {
  return exitCode === 0 && failed === 0 && passed > 0;
}

export function describeCounts({ passed, failed, skipped }: TestCounts): string {
  const line = `${passed} passed, ${failed} failed`;
  return skipped > 0 ? `${line}, ${skipped} skipped` : line;
}

function fileReports(report: unknown): readonly FileReport[] {
  const files = (report as { testResults?: readonly FileReport[] } | undefined)?.testResults;
  return files ?? [];
}

function isBroken({ status, assertionResults }: FileReport): boolean {
  return status === 'failed' && !assertionResults.some((test) => test.status === 'failed');
}
