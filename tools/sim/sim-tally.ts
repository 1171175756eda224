/** What many simulated runs add up to, as it is printed and written. Pure. */
import type { Concern, SimMode, SimRun, SimShape, SwarmResult } from '@gofd/p2p-sim';

/** Only the first are kept in full: whoever repairs one runs again. */
export const MAX_KEPT_FINDINGS = 50;

export interface SimFinding {
  readonly run: SimRun;
  readonly concern: Concern | 'thrown';
  readonly problem: string;
}

/** Plain data: it is written to a file, and a later run goes on from it. */
export interface SimTally {
  readonly modes: readonly SimMode[];
  readonly shapes: readonly SimShape[];
  readonly firstSeed: number;
  /** The seed after the last one that was run. */
  readonly nextSeed: number;
  readonly runsPerMode: Readonly<Partial<Record<SimMode, number>>>;
  readonly simulatedHours: number;
  readonly agents: number;
  readonly completedAgents: number;
  readonly faults: number;
  readonly steps: number;
  /** Violations by what they are about. */
  readonly wrongBytes: number;
  readonly falseStatuses: number;
  readonly brokenRules: number;
  readonly stuck: number;
  readonly thrown: number;
  readonly findings: readonly SimFinding[];
}

const MS_PER_HOUR = 3_600_000;

export function emptyTally({
  modes,
  shapes,
  from,
}: Pick<SimTally, 'modes' | 'shapes'> & { readonly from: number }): SimTally {
  return {
    modes,
    shapes,
    firstSeed: from,
    nextSeed: from,
    runsPerMode: {},
    simulatedHours: 0,
    agents: 0,
    completedAgents: 0,
    faults: 0,
    steps: 0,
    wrongBytes: 0,
    falseStatuses: 0,
    brokenRules: 0,
    stuck: 0,
    thrown: 0,
    findings: [],
  };
}

/** The run of a seed: modes take turns, and for each of them shapes do. */
export function runOf(seed: number, { modes, shapes }: SimTally): SimRun {
  const mode = modes[seed % modes.length];
  const shape = shapes[Math.floor(seed / modes.length) % shapes.length];
  if (mode === undefined || shape === undefined) throw new Error('no mode or no shape');
  return { seed, mode, shape };
}

/** @param result what the run came to, or what it threw */
export function withRun(tally: SimTally, run: SimRun, result: SwarmResult | Error): SimTally {
  const counted = { ...tally, nextSeed: run.seed + 1, runsPerMode: countMode(tally, run.mode) };
  if (result instanceof Error) {
    return withFinding(counted, {
      run,
      concern: 'thrown',
      problem: result.stack ?? String(result),
    });
  }
  const { agents, endedAtMs, struckFaultCount, stepCount, violations, concerns } = result;
  const completed = agents.filter(({ state }) => state === 'complete').length;
  const summed: SimTally = {
    ...counted,
    simulatedHours: tally.simulatedHours + endedAtMs / MS_PER_HOUR,
    agents: tally.agents + agents.length,
    completedAgents: tally.completedAgents + completed,
    faults: tally.faults + struckFaultCount,
    steps: tally.steps + stepCount,
  };
  return violations.reduce(
    (sum, problem, index) =>
      withFinding(sum, { run, concern: concerns[index] ?? 'brokenRule', problem }),
    summed,
  );
}

function countMode({ runsPerMode }: SimTally, mode: SimMode): SimTally['runsPerMode'] {
  return { ...runsPerMode, [mode]: (runsPerMode[mode] ?? 0) + 1 };
}

const COUNTER_OF = {
  wrongBytes: 'wrongBytes',
  falseStatus: 'falseStatuses',
  brokenRule: 'brokenRules',
  stuck: 'stuck',
  thrown: 'thrown',
} as const satisfies Record<SimFinding['concern'], keyof SimTally>;

function withFinding(tally: SimTally, finding: SimFinding): SimTally {
  const counter = COUNTER_OF[finding.concern];
  const findings = [...tally.findings, finding].slice(0, MAX_KEPT_FINDINGS);
  return { ...tally, [counter]: tally[counter] + 1, findings };
}

export function violationCount(tally: SimTally): number {
  return Object.values(COUNTER_OF).reduce((sum, counter) => sum + tally[counter], 0);
}

/** One line for the end of a run. */
export function describeTally(tally: SimTally): string {
  const seeds = tally.nextSeed - tally.firstSeed;
  const { simulatedHours, faults, agents, completedAgents } = tally;
  const { wrongBytes, falseStatuses, brokenRules, stuck, thrown } = tally;
  return (
    `sim: ${seeds} seeds from ${tally.firstSeed}, ${simulatedHours.toFixed(1)} simulated hours, ` +
    `${faults} faults, ${completedAgents}/${agents} agents complete, ${wrongBytes} wrong bytes, ` +
    `${falseStatuses} false statuses, ${brokenRules} broken rules, ${stuck} stuck, ${thrown} thrown`
  );
}

/** The problem, and the command that repeats it. */
export function describeFinding({ run, concern, problem }: SimFinding): string {
  const { seed, mode, shape } = run;
  return `${concern}: ${problem}\n  npm run sim -- --seed ${seed} --mode ${mode} --shape ${shape}`;
}
