import { calls } from '@gofd/api-client';
import type { TaskView } from '@gofd/task-model';
import { Option, type Command } from 'commander';
import { withServer } from '../connection/connect.ts';
import { withConnectionOptions, type ConnectionFlags } from '../connection/connection-options.ts';
import { printAnswer } from '../output.ts';
import { countOf } from '../text/quantities.ts';
import type { CommandContext } from './command-context.ts';
import { followTask } from './follow-task.ts';
import { parseTaskId, TASK_ID_ARGUMENT } from './task-id-argument.ts';

interface RetryFlags extends ConnectionFlags {
  readonly wait?: boolean;
  readonly watch?: boolean;
}

const EXAMPLES = `
A new attempt for the hosts that do not have the files. Hosts that have them are left alone; what a
host had received before is not fetched again.

Examples:
  gofd task retry release-7
  gofd task retry release-7 --watch`;

export function addRetryCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('retry')
    .summary('try again on the hosts that failed')
    .description('Tries again on the hosts of a task that failed.')
    .argument(TASK_ID_ARGUMENT, 'id of the task', parseTaskId)
    .option('--wait', 'return when the task has ended; the exit code tells how')
    .addOption(new Option('--watch', 'as --wait, with live progress').conflicts('wait'));
  withConnectionOptions(command)
    .addHelpText('after', EXAMPLES)
    .action((id: string, flags: RetryFlags) => retryTask(id, flags, context));
}

async function retryTask(id: string, flags: RetryFlags, context: CommandContext): Promise<void> {
  const mode = flags.watch ? 'watch' : flags.wait ? 'wait' : undefined;
  await withServer(flags, async (server) => {
    const { value, json } = await server.ask(calls.retryTask(id));
    if (mode === undefined) printAnswer(flags.json, json, () => [retrySentence(value)]);
    else await followTask(server, id, mode, flags, context);
  });
}

function retrySentence({ id, attempt, hostCounts: { total, completed } }: TaskView): string {
  return `task ${id}: attempt ${attempt} for ${countOf(total - completed, 'host')}`;
}
