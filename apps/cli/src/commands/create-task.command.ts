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
import { newTaskId } from '../input/new-task-id.ts';
import { readTask, takesStdin, type TaskFlags } from '../input/read-task.ts';
import { printAnswer, printNote, printResult } from '../output.ts';
import { countOf } from '../text/quantities.ts';
import { shellQuote } from '../text/shell-quote.ts';
import type { TaskView } from '@gofd/task-model';
import type { CommandContext } from './command-context.ts';
import { followTask } from './follow-task.ts';
import { TASK_HELP, withTaskOptions } from './task-options.ts';

interface CreateFlags extends ConnectionFlags, TaskFlags {
  readonly wait?: boolean;
  readonly watch?: boolean;
}

const EXAMPLES = `${TASK_HELP}

Examples:
  gofd task create --file /data/app.tar --host 10.0.0.7 10.0.0.8 --watch
  gofd task create --file /data/app.tar --group zone=b,role=web --wait
  gofd task create --id release-7 --file /data/a --file /data/b --hosts-file hosts.txt --wait
  gofd task create --from task.yml --id release-8
  render-task | gofd task create --from - --json

The same id with the same files and hosts creates nothing twice; if that task had failed, it
starts a new attempt. With --wait or --watch the exit code is 0 for COMPLETED, 2 for PARTIAL, 1 for
FAILED and FILE_NOT_EXISTED, 3 for CANCELLED; without, 0 means that the server took the task.
\`gofd plan\` with the same options asks every host beforehand.`;

export function addCreateCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('create')
    .summary('distribute files of the server to hosts')
    .description('Distributes files of the server to hosts.');
  withTaskOptions(command)
    .option('--wait', 'return when the task has ended; the exit code tells how')
    .addOption(new Option('--watch', 'as --wait, with live progress').conflicts('wait'));
  withConnectionOptions(command)
    .addHelpText('after', EXAMPLES)
    .action((flags: CreateFlags) => createTask(flags, context));
}

async function createTask(flags: CreateFlags, context: CommandContext): Promise<void> {
  const task = await readTask(flags, () => newTaskId(new Date(), randomInt(0x1_0000)));
  await withServer(
    flags,
    (server) => createAndFollow(server, task, flags, context),
    takesStdin(flags),
  );
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
