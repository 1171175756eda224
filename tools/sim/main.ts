// Runs many seeds of the simulator and says what they came to.
// Usage: npm run sim -- [options], see --help
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { drawRun, simulateSwarm, type SimRun, type SwarmResult } from '@gofd/p2p-sim';
import { parseSimOptions, SIM_HELP, type SimOptions } from './sim-options.ts';
import {
  describeFinding,
  describeTally,
  emptyTally,
  runOf,
  violationCount,
  withRun,
  type SimTally,
} from './sim-tally.ts';

const BAD_USAGE = 64;
const MS_PER_SECOND = 1_000;

function optionsOrExit(): SimOptions {
  try {
    return parseSimOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`sim: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(BAD_USAGE);
  }
}

/** An empty tally, or that of the file to go on from, which must be of the same modes and shapes. */
function startingTally({ goOn, out, modes, shapes, from }: SimOptions): SimTally {
  if (!goOn || !existsSync(out)) return emptyTally({ modes, shapes, from });
  const earlier = JSON.parse(readFileSync(out, 'utf8')) as SimTally;
  const isSame =
    JSON.stringify([earlier.modes, earlier.shapes]) === JSON.stringify([modes, shapes]);
  if (isSame && earlier.firstSeed === from) return earlier;
  console.error(`sim: ${out} is of other modes, shapes or seeds: give another --out`);
  process.exit(BAD_USAGE);
}

function resultOf(run: SimRun): SwarmResult | Error {
  try {
    return simulateSwarm(drawRun(run));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function runAll(options: SimOptions, earlier: SimTally): SimTally {
  let tally = earlier;
  const endSeed = options.from + options.seedCount;
  const endsAtMs = Date.now() + (options.seconds ?? Infinity) * MS_PER_SECOND;
  while (tally.nextSeed < endSeed && Date.now() < endsAtMs) {
    const known = tally.findings.length;
    const run = runOf(tally.nextSeed, tally);
    tally = withRun(tally, run, resultOf(run));
    for (const finding of tally.findings.slice(known)) console.log(describeFinding(finding));
  }
  return tally;
}

const options = optionsOrExit();
if (options.help) {
  console.log(SIM_HELP);
} else {
  const tally = runAll(options, startingTally(options));
  mkdirSync(dirname(options.out), { recursive: true });
  writeFileSync(options.out, `${JSON.stringify(tally, undefined, 2)}\n`);
  console.log(describeTally(tally));
  if (violationCount(tally) > 0) process.exitCode = 1;
}
