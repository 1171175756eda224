import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseWorkload, type Goal, type Workload } from '../workloads.ts';
import { readReportJson, writeReportJson, type BenchReport } from './bench-report.ts';
import { renderReports } from './render-report.ts';
import type { RunFigures, RunResult } from './run-result.ts';
import { formatMarkdown, writeDocument } from './write-document.ts';

const folder = mkdtempSync(join(tmpdir(), 'gofd-bench-report-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function aWorkload(goals: Goal[] = [], text = '3:200:16'): Workload {
  return { ...(parseWorkload(text) as Workload), goals };
}

function aRun(figures: Partial<RunFigures> | undefined, rest: Partial<RunResult> = {}): RunResult {
  const base = { makespanSeconds: 1, boundRatio: 1, sourceCopies: 1, cpuSecondsPerGb: 1 };
  return {
    workload: '3:200:16',
    peer: 'ours',
    round: 1,
    hostsRight: 3,
    hostsAwaited: 3,
    ...(figures && { figures: { ...base, ...figures } }),
    stealShare: 0,
    foreignShare: 0,
    isDisturbed: false,
    ...rest,
  };
}

function aReport(results: RunResult[], rest: Partial<BenchReport> = {}): BenchReport {
  return {
    command: 'npm run bench -- --rounds 3',
    startedAt: '2026-11-23T04:00:00.000Z',
    machine: { cpu: 'Some CPU', cores: 2, memoryGiB: 24, kernel: '6.18', node: '24.21.0' },
    congestionControls: ['cubic'],
    isOnTmpfs: true,
    rounds: 3,
    workloads: [aWorkload()],
    peers: [
      { name: 'ours', what: 'this repository' },
      { name: 'aria2', what: 'a swarm' },
    ],
    notInstalled: [{ name: 'uftp', missing: 'uftp, uftpd' }],
    refusals: [],
    results,
    ...rest,
  };
}

const rendered = (results: RunResult[], rest: Partial<BenchReport> = {}): string =>
  renderReports([aReport(results, rest)]);

function row(text: string, peer: string): string[] {
  const line = text.split('\n').find((one) => one.startsWith(`| ${peer} |`)) ?? '';
  return line.split('|').map((part) => part.trim());
}

describe('renderReports', () => {
  it('names command, date, machine, congestion control and who was not installed', () => {
    const text = rendered([aRun({})]);
    expect(text).toContain('## Measured 2026-11-23');
    expect(text).toContain('`npm run bench -- --rounds 3`');
    expect(text).toContain('Some CPU, 2 cores, 24 GiB; Linux 6.18; Node 24.21.0; TCP cubic');
    expect(text).toContain('not measured: uftp (uftp, uftpd)');
  });

  it('shows the median first and every value after it, disturbed rounds marked', () => {
    const runs = [3, 1, 2].map((makespanSeconds, index) =>
      aRun({ makespanSeconds }, { round: index + 1, isDisturbed: index === 1 }),
    );
    expect(row(rendered(runs), 'ours')[2]).toBe('**2.00** (3.00, 1.00\\*, 2.00)');
  });

  it('shows no figure of a wrong run, counts its hosts and says why', () => {
    const wrong = aRun(undefined, {
      round: 2,
      hostsRight: 2,
      failure: '1 of 3 hosts do not hold\nthe `file`',
    });
    const text = rendered([aRun({ makespanSeconds: 4 }), wrong]);
    const cells = row(text, 'ours');
    expect(cells[2]).toBe('**4.00** (4.00, –)');
    expect(cells.at(-2)).toBe('3/3, 2/3');
    expect(text).toContain('- ours, round 2, has no time: `1 of 3 hosts do not hold the file `');
  });

  it('has a table even when no run has figures', () => {
    const text = rendered([aRun(undefined, { hostsRight: 0, failure: 'died' })]);
    expect(text).toContain('| peer | hosts right |');
    expect(text).not.toContain('makespan, s');
  });

  it('leaves out columns that nobody has a value for, and shows a dash for one peer without', () => {
    const runs = [aRun({ peakRssMiB: 120 }), aRun({}, { peer: 'aria2' })];
    const text = rendered(runs);
    expect(text).not.toContain('by its own count, F |');
    expect(row(text, 'ours').at(-3)).toBe('**120** (120)');
    expect(row(text, 'aria2').at(-3)).toBe('–');
  });

  it('judges goals by the median of ours, at the limit reached', () => {
    const goals: Goal[] = [{ metric: 'boundRatio', atMost: 1.05 }];
    const workloads = [aWorkload(goals)];
    expect(rendered([aRun({ boundRatio: 1.05 })], { workloads })).toContain(
      '- goal: makespan / bound at most 1.05: **reached** (1.05)',
    );
    expect(rendered([aRun({ boundRatio: 1.0501 })], { workloads })).toContain('**not reached**');
    expect(rendered([aRun({}, { peer: 'aria2' })], { workloads })).toContain('not measured');
  });

  it('judges a goal that is a factor of another peer', () => {
    const workloads = [aWorkload([{ metric: 'cpuSecondsPerGb', atMost: 0.6, ofPeer: 'aria2' }])];
    const ours = aRun({ cpuSecondsPerGb: 1.2 });
    const aria2 = aRun({ cpuSecondsPerGb: 2 }, { peer: 'aria2' });
    expect(rendered([ours, aria2], { workloads })).toContain(
      'at most 0.6 times that of aria2: **reached** (1.20, 0.60 times)',
    );
    expect(rendered([ours], { workloads })).toContain('not measured');
  });

  it('shows workloads about latency in milliseconds and without CPU time', () => {
    const goals: Goal[] = [{ metric: 'makespanMs', atMost: 300 }];
    const workloads = [aWorkload(goals, '3:0:0.0625')];
    const text = rendered([aRun({ makespanSeconds: 0.25 }, { workload: '3:0:0.0625' })], {
      workloads,
    });
    expect(row(text, 'ours')[2]).toBe('**250** (250)');
    expect(text).toContain('goal: makespan, ms at most 300: **reached** (250)');
    expect(text).not.toContain('| CPU');
  });

  it('says which peers a workload says nothing about', () => {
    const refusals = [{ workload: '3:200:16', peer: 'relay', why: 'it goes around nobody' }];
    expect(rendered([aRun({})], { refusals })).toContain(
      'relay was not run: it goes around nobody',
    );
  });
});

describe('the document', () => {
  it('is the same when it is written again from the JSON file', async () => {
    const report = aReport([aRun({ peakRssMiB: 1 / 3 }), aRun(undefined, { failure: 'died' })]);
    const json = join(folder, 'report.json');
    const [first, second] = [join(folder, 'first.md'), join(folder, 'second.md')];
    writeReportJson(json, report);
    await writeDocument(first, renderReports([report]));
    await writeDocument(second, renderReports([readReportJson(json)]));
    expect(readFileSync(second, 'utf8')).toBe(readFileSync(first, 'utf8'));
  });

  it('is formatted as the repository wants it, prose untouched', async () => {
    const path = join(folder, 'prose.md');
    writeFileSync(path, '# Benchmarks\n\nProse   with * odd signs\n');
    await writeDocument(path, renderReports([aReport([aRun({})])]));
    const text = readFileSync(path, 'utf8');
    expect(text).toContain('\n\nProse   with * odd signs\n');
    const section = text.slice(0, text.indexOf('Prose'));
    expect(await formatMarkdown(section)).toBe(`${section.trim()}\n`);
  });

  it('is not written from a file that holds something else', () => {
    const path = join(folder, 'other.json');
    writeFileSync(path, '{}');
    expect(() => readReportJson(path)).toThrow('no results');
  });
});
