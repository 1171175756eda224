import type { Command } from 'commander';
import { withServer } from '../connection/connect.ts';
import { withConnectionOptions, type ConnectionFlags } from '../connection/connection-options.ts';
import type { CommandContext } from './command-context.ts';
import { followTask } from './follow-task.ts';
import { parseTaskId, TASK_ID_ARGUMENT } from './task-id-argument.ts';

const EXAMPLES = `
On a terminal the view is live. Into a pipe or file go lines with the time, one for each change and
at most one a second; with --json, each changed answer of the server on a line of its own.
Ctrl-C ends the watching only. A server that goes away is asked again for ten minutes.

Examples:
  gofd task watch release-7
  gofd task watch release-7 && systemctl restart app`;

export function addWatchCommand(parent: Command, context: CommandContext): void {
  const command = parent
    .command('watch')
    .summary('follow a task to its end; the exit code tells how it ended')
    .description('Follows a task to its end; the exit code tells how it ended.')
    .argument(TASK_ID_ARGUMENT, 'id of the task', parseTaskId);
  withConnectionOptions(command)
    .addHelpText('after', EXAMPLES)
    .action((id: string, flags: ConnectionFlags) =>
      withServer(flags, (server) => followTask(server, id, 'watch', flags, context)),
    );
}
