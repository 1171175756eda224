/**
 * `npm run bench`: ours beside every installed peer, each host in a network namespace of its own, every
 * copy checked; writes docs/benchmarks.md. `--help` says how. This file knows exit codes, signals and
 * the order of things; what is measured is below.
 */
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  helpText,
  parseBenchOptions,
  STANDARD_OUTPUT,
  type BenchOptions,
} from './bench-options.ts';
import { runSession, type SessionOptions } from './bench-session.ts';
import {
  chooseLabParent,
  createLabFolder,
  isTmpfs,
  labNeeds,
  type LabNeeds,
} from './lab-folder.ts';
import type { LimiterResult } from './limiter/limiter-case.ts';
import { runLimiterSession } from './limiter/limiter-session.ts';
import { readMachine } from './measure/machine.ts';
import { missingPrograms } from './peers/installed.ts';
import { OURS } from './peers/ours.ts';
import { createPeers, PEER_NAMES } from './peers/peer-list.ts';
import type { PeerKind } from './peers/peer.ts';
import { readReportJson, writeReportJson, type BenchReport } from './report/bench-report.ts';
import { renderReports } from './report/render-report.ts';
import { formatMarkdown, writeDocument } from './report/write-document.ts';
import type { Workload } from './workloads.ts';

const EXIT = { ok: 0, wrong: 1, usage: 64, unavailable: 69, interrupted: 130 } as const;
const DIST_FOLDER = fileURLToPath(new URL('../../dist/apps', import.meta.url));

/** Something the benchmark needs is not on this machine. */
class UnavailableError extends Error {}

async function main(args: readonly string[]): Promise<number> {
  const options = parseBenchOptions(args);
  if (Array.isArray(options)) {
    for (const problem of options) console.error(`bench: ${problem}`);
    console.error('npm run bench -- --help explains');
    return EXIT.usage;
  }
  if (options.help) {
    console.log(helpText());
    return EXIT.ok;
  }
  if (options.render.length > 0) {
    await publish(options, options.render.map(readReportJson));
    return EXIT.ok;
  }
  return measure(options, args);
}

async function measure(options: BenchOptions, args: readonly string[]): Promise<number> {
  if (options.workloads.length > 0) await assertMachineCan();
  const distFolder = resolve(options.dist ?? DIST_FOLDER);
  const { peers, notInstalled } = await choosePeers(options, distFolder);
  const needs = labNeeds(options.workloads);
  const folder = makeLabFolder(resolve(chooseLabParent(options.lab, needs)), needs);
  const interruption = listenForSignals();
  try {
    const empty: BenchReport = {
      command: ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
      startedAt: new Date().toISOString(),
      machine: readMachine(),
      congestionControls: [],
      isOnTmpfs: isTmpfs(folder),
      rounds: options.rounds,
      workloads: options.workloads,
      peers: peers.map(({ name, what }) => ({ name, what })),
      notInstalled,
      refusals: [],
      results: [],
    };
    const common: SessionCommon = {
      signal: interruption,
      say: (line) => console.log(line),
      onReport: (soFar) => options.json !== undefined && writeReportJson(options.json, soFar),
    };
    const { timeoutSeconds } = options;
    const moved = await runSession(empty, { ...common, peers, folder, distFolder, timeoutSeconds });
    const report = options.limiter ? await measureLimiter(moved, options, common) : moved;
    await publish(options, [report]);
    return isAllRight(report) ? EXIT.ok : EXIT.wrong;
  } catch (error) {
    if (!interruption.aborted) throw error;
    console.error('bench: interrupted; everything that it had made is removed');
    return EXIT.interrupted;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type SessionCommon = Pick<SessionOptions, 'signal' | 'say' | 'onReport'>;

/** @returns the report with the limiter's part */
async function measureLimiter(
  moved: BenchReport,
  { rounds, limiterSeconds: seconds }: BenchOptions,
  { signal, say, onReport }: SessionCommon,
): Promise<BenchReport> {
  const withLimiter = (results: readonly LimiterResult[]): BenchReport => ({
    ...moved,
    limiter: { seconds, results },
  });
  const onResults = (soFar: readonly LimiterResult[]): void => onReport(withLimiter(soFar));
  return withLimiter(await runLimiterSession({ rounds, seconds, signal, say, onResults }));
}

function isAllRight({ results, limiter }: BenchReport): boolean {
  const hasFailed = limiter?.results.some(({ failure }) => failure !== undefined) ?? false;
  return !hasFailed && results.every(({ figures }) => figures);
}

async function assertMachineCan(): Promise<void> {
  const missing = await missingPrograms('ip', 'tc');
  const isRoot = process.getuid?.() === 0;
  const needs = [
    ...(process.platform === 'linux' ? [] : ['Linux']),
    ...(isRoot ? [] : ['root, to make network namespaces']),
    ...(missing === undefined ? [] : [`iproute2 (${missing} not found)`]),
  ];
  if (needs.length > 0) throw new UnavailableError(`this needs ${needs.join(' and ')}`);
}

async function choosePeers(
  options: BenchOptions,
  distFolder: string,
): Promise<{ peers: PeerKind[]; notInstalled: { name: string; missing: string }[] }> {
  const known = createPeers(distFolder);
  const peers: PeerKind[] = [];
  const notInstalled: { name: string; missing: string }[] = [];
  for (const name of PEER_NAMES) {
    if (!(options.peers?.includes(name) ?? isOfUse(name, options.workloads))) continue;
    const missing = await known[name].findMissing();
    if (missing === undefined) peers.push(known[name]);
    else notInstalled.push({ name, missing });
  }
  for (const { name, missing } of notInstalled) console.log(`${name} is not installed: ${missing}`);
  if (options.peers !== undefined && notInstalled.length > 0) {
    throw new UnavailableError('a peer that was asked for is not installed');
  }
  return { peers, notInstalled };
}

function isOfUse(name: string, workloads: readonly Workload[]): boolean {
  return workloads.some(({ isOursOnly }) => isOursOnly !== true || name === OURS);
}

function makeLabFolder(parent: string, needs: LabNeeds): string {
  try {
    return createLabFolder(parent, needs);
  } catch (error) {
    throw new UnavailableError(error instanceof Error ? error.message : String(error));
  }
}

/** The first signal interrupts; further ones do not disturb the cleaning up. */
function listenForSignals(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => controller.abort(new Error(`interrupted by ${name}`)));
  }
  return controller.signal;
}

async function publish({ out }: BenchOptions, reports: readonly BenchReport[]): Promise<void> {
  const section = renderReports(reports);
  if (out === STANDARD_OUTPUT) {
    console.log(await formatMarkdown(section));
    return;
  }
  await writeDocument(out, section);
  console.log(`written: ${resolve(out)}`);
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(error instanceof UnavailableError ? EXIT.unavailable : EXIT.wrong);
}
