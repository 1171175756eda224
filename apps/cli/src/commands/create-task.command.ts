import { calls, type NewTask } from '@gofd/api-client';
import { randomInt } from 'node:crypto';
import type { Command } from 'commander';
import { Option } from 'commander';
import type { Answer, ServerCalls } from '../connection/server-calls.ts';
import { withServer } from '../connection/connect.ts';
import {
  repeatedFlags,
  withConnectionOptions,
  type ConnectionFlags,
} from '../connection/connection-options.ts';
import { usageError } from '../errors.ts';
import { newTaskId } from '../input/new-task-id.ts';
import { readHosts, STDIN_PATH } from '../input/read-hosts.ts';
import { printAnswer, printNote, printResult } from '../output.ts';
import { countOf } from '../text/quantities.ts';
import { shellQuote } from '../text/shell-quote.ts';
import type { TaskView } from '@gofd/task-model';
import type { CommandContext } from './command-context.ts';
import { followTask } from './follow-task.ts';

interface CreateFlags extends ConnectionFlags {
  readonly id?: string;
  readonly file: readonly string[];
  readonly host?: readonly string[];
  readonly hostsFile?: string;
  readonly wait?: boolean;
  readonly watch?: boolean;
}

const EXAMPLES = `
--file names a path on the server's disk, from the root. A host is an address or a name, with the
management port of its agent where that is not the one the server is configured with.

Examples:
  gofd task create --file /data/app.tar --host 10.0.0.7 10.0.0.8 --watch
  gofd task create --id release-7 --file /data/a --file /data/b --hosts-file hosts.txt --wait
  list-hosts | gofd task create --file /data/app.tar --hosts-file - --json

The same id with the same files and hosts creates nothing twice; if that task had failed, it
starts a new attempt.`;

export function addCreateCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('create')
    .summary('distribute files of the server to hosts')
    .description('Distributes files of the server to hosts.')
    .option('--id <id>', 'name of the task; left out, one is made from the time')
    .requiredOption('--file <path...>', 'file on the server; repeat it, or name several')
    .option('--host <host...>', 'host to send to; repeat it, or name several')
    .option('--hosts-file <path>', 'file with one host a line, # for comments; - is standard input')
    .option('--wait', 'return when the task has ended; the exit code tells how')
    .addOption(new Option('--watch', 'as --wait, with live progress').conflicts('wait'));
  withConnectionOptions(command)
    .addHelpText('after', EXAMPLES)
    .action((flags: CreateFlags) => createTask(flags, context));
}

async function createTask(flags: CreateFlags, context: CommandContext): Promise<void> {
  if (flags.host === undefined && flags.hostsFile === undefined) {
    throw usageError('no hosts given', 'add --host <host>, or --hosts-file <path>');
  }
  const task: NewTask = {
    id: flags.id ?? newTaskId(new Date(), randomInt(0x1_0000)),
    dispatchFiles: flags.file,
    destIPs: await readHosts(flags.host ?? [], flags.hostsFile),
  };
  const stdinTaken = flags.hostsFile === STDIN_PATH;
  await withServer(flags, (server) => createAndFollow(server, task, flags, context), stdinTaken);
}

async function createAndFollow(
  server: ServerCalls,
  task: NewTask,
  flags: CreateFlags,
  context: CommandContext,
): Promise<void> {
  const created = await server.ask(calls.createTask(task));
  const mode = flags.watch ? 'watch' : flags.wait ? 'wait' : undefined;
  if (mode === undefined) {
    printAnswer(flags.json, created.json, () => createdLines(created, flags));
    return;
  }
  if (flags.json) printNote([createdSentence(created.value)]);
  else printResult([createdSentence(created.value)]);
  await followTask(server, created.value.id, mode, flags, context);
}

function createdSentence({ id, dispatchFiles, hostCounts, status, attempt }: TaskView): string {
  const what = `${countOf(dispatchFiles.length, 'file')} to ${countOf(hostCounts.total, 'host')}`;
  const again = attempt > 1 ? `, attempt ${attempt}` : '';
  return `task ${id}: ${what}, ${status}${again}`;
}

function createdLines({ value }: Answer<TaskView>, flags: CreateFlags): string[] {
  const rest = `${shellQuote(value.id)}${repeatedFlags(flags, process.env)}`;
  return [createdSentence(value), `next: gofd task watch ${rest}`];
}
