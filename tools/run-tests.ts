// Runs every test of the workspace once and ends with one plain line, `N passed, N failed`
// (`, N skipped` follows when tests were skipped). Exits with 0 only when tests ran, all of them
// passed and Vitest itself ended well. Usage: node tools/run-tests.ts [file filter …]
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countTests, describeCounts, isSuccess } from './test-counts.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const VITEST = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');

/** A pipe or a log file gets plain text. */
const COLOURS = process.stdout.isTTY ? {} : { NO_COLOR: '1' };

/** @returns Vitest's exit code; a signal counts as failure */
function runVitest(reportFile: string, filters: readonly string[]): Promise<number> {
  const child = spawn(
    process.execPath,
    [
      VITEST,
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${reportFile}`,
      ...filters,
    ],
    { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...COLOURS } },
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => child.kill(signal));
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

function readReport(reportFile: string): unknown {
  try {
    return JSON.parse(readFileSync(reportFile, 'utf8'));
  } catch {
    return undefined; // Vitest crashed before it could write one
  }
}

const scratch = mkdtempSync(join(tmpdir(), 'gofd-tests-'));
try {
  const reportFile = join(scratch, 'report.json');
  const exitCode = await runVitest(reportFile, process.argv.slice(2));
  const counts = countTests(readReport(reportFile), exitCode);
  process.exitCode = isSuccess(counts, exitCode) ? 0 : 1;
  console.log(describeCounts(counts));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
