import { calls } from '@gofd/api-client';
import type { TaskView } from '@gofd/task-model';
import type { Command } from 'commander';
import { withServer } from '../connection/connect.ts';
import { withConnectionOptions, type ConnectionFlags } from '../connection/connection-options.ts';
import { printAnswer } from '../output.ts';
import { parseTaskId, TASK_ID_ARGUMENT } from './task-id-argument.ts';

const EXAMPLES = `
Hosts that hold the files already keep them. A task that has ended stays what it was.

Example:
  gofd task cancel release-7`;

export function addCancelCommand(parent: Command): void {
  const command = parent
    .command('cancel')
    .summary('stop a task')
    .description('Stops a task.')
    .argument(TASK_ID_ARGUMENT, 'id of the task', parseTaskId);
  withConnectionOptions(command).addHelpText('after', EXAMPLES).action(cancelTask);
}

async function cancelTask(id: string, flags: ConnectionFlags): Promise<void> {
  const { value, json } = await withServer(flags, (server) => server.ask(calls.cancelTask(id)));
  printAnswer(flags.json, json, () => [cancelSentence(value)]);
}

function cancelSentence({ id, status, hostCounts: { completed, total } }: TaskView): string {
  if (status !== 'CANCELLED') return `task ${id} had ended before: ${status}; nothing was changed`;
  return `task ${id} is cancelled; ${completed} of ${total} hosts hold the files`;
}
