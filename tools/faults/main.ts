// npm run faults: breaks real processes, one run after the other, and says which survived.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readMachine } from '../bench/measure/machine.ts';
import { formatMarkdown } from '../bench/report/write-document.ts';
import { replaceMarkedSection } from '../bench/report/marked-section.ts';
import { FAULTS } from './faults/fault-list.ts';
import { helpText, parseFaultOptions, replayCommand, type FaultOptions } from './fault-options.ts';
import { canIsolate, ISOLATE, ISOLATED_VARIABLE, isIsolated } from './lab/capabilities.ts';
import { readReport, writeReport, type FaultReport } from './report/fault-report.ts';
import { renderFaults } from './report/render-faults.ts';
import { runFault, type FaultRun } from './run-fault.ts';

const EXIT = { ok: 0, wrong: 1, usage: 64 } as const;
const MARKERS = { begin: '<!-- faults:begin -->', end: '<!-- faults:end -->' };

let isInterrupted = false;

async function main(args: readonly string[]): Promise<number> {
  const options = parseFaultOptions(args, FAULTS);
  if (Array.isArray(options)) {
    for (const problem of options) console.error(`faults: ${problem}`);
    console.error('npm run faults -- --help explains');
    return EXIT.usage;
  }
  if (options.help) {
    console.log(helpText(FAULTS));
    return EXIT.ok;
  }
  if (options.render.length > 0) {
    await writeDocument(options);
    return EXIT.ok;
  }
  if (canIsolate() && !isIsolated()) return runIsolated(args);
  return runAll(options, args);
}

/** The same command in namespaces of its own: its mounts and devices end with it. */
function runIsolated(args: readonly string[]): Promise<number> {
  const [program = '', ...rest] = [...ISOLATE, process.execPath, fileURLToPath(import.meta.url)];
  const child = spawn(program, [...rest, ...args], {
    stdio: 'inherit',
    env: { ...process.env, [ISOLATED_VARIABLE]: '1' },
  });
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => child.kill(name));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? EXIT.wrong));
  });
}

async function runAll(options: FaultOptions, args: readonly string[]): Promise<number> {
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      isInterrupted = true; // the run that is on cleans up, and is the last
    });
  }
  const { cores, kernel, node } = readMachine();
  const session = {
    command: ['npm run faults', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    startedAt: new Date().toISOString(),
    machine: `${cores} cores, Linux ${kernel}, Node ${node}`,
  };
  const runs: FaultRun[] = [];
  for (const { fault, phase, seed } of options.runs) {
    if (isInterrupted) break;
    const run = await runFault(fault, phase, seed, options.logs);
    runs.push(run);
    say(run);
    if (options.json !== undefined) writeReport(options.json, { ...session, runs });
  }
  return summary(runs, options.runs.length);
}

function say(run: FaultRun): void {
  const { fault, phase, seed, outcome, findings, recoveryMs } = run;
  const took = recoveryMs === undefined ? '' : ` after ${(recoveryMs / 1000).toFixed(1)} s`;
  console.log(`${fault} ${phase} seed ${seed}: ${outcome.toUpperCase()}${took}`);
  for (const finding of findings) console.log(`  ${finding}`);
  if (outcome === 'failed' || outcome === 'missed') console.log(`  again: ${replayCommand(run)}`);
}

function summary(runs: readonly FaultRun[], plannedCount: number): number {
  const count = (outcome: FaultRun['outcome']): number =>
    runs.filter((run) => run.outcome === outcome).length;
  const notRun = count('not run') + plannedCount - runs.length;
  const bad = count('failed') + count('missed');
  console.log(`${count('survived')} survived, ${bad} did not, ${notRun} NOT RUN`);
  return bad === 0 && !isInterrupted ? EXIT.ok : EXIT.wrong;
}

async function writeDocument({ render, out }: FaultOptions): Promise<void> {
  const reports: FaultReport[] = render.map(readReport);
  const document = existsSync(out) ? readFileSync(out, 'utf8') : '# Reliability\n';
  const section = await formatMarkdown(renderFaults(reports, FAULTS));
  writeFileSync(out, replaceMarkedSection(document, section, MARKERS));
  console.log(`written: ${out}`);
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  console.error(`faults: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(EXIT.wrong);
}
