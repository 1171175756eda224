/** The command line of `gofd simulate`, from words to exit status; nothing is thrown past here. */
import { simulateTransfer, TransferOptionError } from '@gofd/p2p-sim';
import { Command, CommanderError } from 'commander';
import { EXIT_STATUS } from './exit-statuses.ts';
import {
  replayCommand,
  toTransferOptions,
  UsageError,
  usageErrorOf,
  type SimulateFlags,
} from './options/simulate-flags.ts';
import { ProgressLine } from './report/progress-line.ts';
import { resultLines, type Finding } from './report/result-text.ts';

export interface Streams {
  readonly out: (text: string) => void;
  /** Errors, and progress where it is a terminal. */
  readonly screen: NodeJS.WriteStream;
}

const TEACHING = `
Runs the planner and the sessions of server and agents on a virtual network, in one process: no
socket, no file, no server. It answers "how long would it take", and "what if hosts are slow or die".
Times are given over the bound, the size over the rate of a link: nothing is sooner done.

A size is 4GiB, 256MiB, 1.5GB or bytes. A rate is 10Gbit, 200Mbit or 100MiB/s. A share is 5% or 0.05.
The same options give the same run, to the event: compare the trace. Another --seed gives another.

Examples:
  gofd simulate --agents 100 --size 256MiB --rate 1Gbit
  gofd simulate --agents 1000 --size 4GiB --rate 10Gbit --slow 5% --kill 1%
  gofd simulate --agents 1000 --size 4GiB --rate 10Gbit --racks 40 --oversubscription 4
  gofd simulate --agents 50 --size 1GiB --rate 200Mbit --latency 20 --json | jq .result.healthy.p99

Costs about 5 events for each piece of each agent (more with small tasks of many agents), 100,000 to
500,000 events a second on one processor core.

Left out: processors, slow disks, lost packets, and the calls by which agents hear of the task.

Exit codes:
    0  every agent that was not killed has everything
    1  an agent that was not killed has not: please report it, with the last line
   64  the command line is wrong
  130  Ctrl-C
`;

/** @param args without the program */
export function run(args: readonly string[], streams: Streams): number {
  let status: number = EXIT_STATUS.success;
  const program = createProgram(streams, (flags) => (status = simulate(flags, streams)));
  try {
    program.parse(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? EXIT_STATUS.success : EXIT_STATUS.usage;
    }
    return report(error, streams);
  }
  return status;
}

function report(error: unknown, { screen }: Streams): number {
  const problem = error instanceof TransferOptionError ? usageErrorOf(error) : error;
  if (problem instanceof UsageError) {
    screen.write(`gofd: ${problem.message}\nhint: gofd simulate --help has examples\n`);
    return EXIT_STATUS.usage;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  screen.write(`gofd: an error that nobody foresaw; please report it with these lines\n${stack}\n`);
  return EXIT_STATUS.unexpected;
}

function createProgram({ out, screen }: Streams, act: (flags: SimulateFlags) => void): Command {
  return new Command('gofd simulate')
    .description('Predicts how long a task takes, from 1 agent to 16,384.')
    .requiredOption('--agents <count>', 'hosts that receive')
    .requiredOption('--size <size>', 'bytes of the task')
    .requiredOption('--rate <rate>', "each host's link, in each direction; the server's too")
    .option('--racks <count>', 'racks that the agents stand in; the server is outside')
    .option('--oversubscription <factor>', "links of a rack's hosts over its own link (default: 1)")
    .option('--slow <share>', 'share of the agents whose link is slower')
    .option('--slow-factor <factor>', 'how many times slower (default: 4)')
    .option('--kill <share>', 'share of the agents that die, at random times within the bound')
    .option('--latency <ms>', 'one way between any two hosts, milliseconds (default: 0.1)')
    .option('--seed <number>', 'what chance is drawn from', '1')
    .option('--json', 'options, result and the command that repeats it, as JSON')
    .helpOption('-h, --help', 'print this help')
    .allowExcessArguments(false)
    .configureOutput({
      writeOut: out,
      writeErr: (text) => screen.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'gofd: ')),
    })
    .showHelpAfterError('hint: gofd simulate --help has examples')
    .exitOverride()
    .addHelpText('after', TEACHING)
    .action(act);
}

function simulate(flags: SimulateFlags, { out, screen }: Streams): number {
  const options = toTransferOptions(flags);
  const startedAtMs = performance.now();
  const progress = new ProgressLine(screen, () => performance.now());
  const result = simulateTransfer({ ...options, onProgress: (told) => progress.show(told) });
  progress.close();
  const wallMs = performance.now() - startedAtMs;
  const finding: Finding = { options, result, wallMs, command: replayCommand(flags) };
  out(flags.json ? `${JSON.stringify(finding)}\n` : `${resultLines(finding).join('\n')}\n`);
  return result.incomplete > 0 ? EXIT_STATUS.incomplete : EXIT_STATUS.success;
}
