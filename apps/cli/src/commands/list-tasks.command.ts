import { calls } from '@gofd/api-client';
import type { Command } from 'commander';
import { withServer } from '../connection/connect.ts';
import { withConnectionOptions, type ConnectionFlags } from '../connection/connection-options.ts';
import { printAnswer } from '../output.ts';
import { taskTable } from '../text/task-text.ts';

const EXAMPLES = `
Examples:
  gofd task list
  gofd task list --json | jq -r '.tasks[] | select(.status == "INPROGRESS") | .id'`;

export function addListCommand(parent: Command): void {
  const command = parent
    .command('list')
    .summary('show the tasks that the server knows, newest first')
    .description('Shows the tasks that the server knows, newest first.');
  withConnectionOptions(command).addHelpText('after', EXAMPLES).action(listTasks);
}

async function listTasks(flags: ConnectionFlags): Promise<void> {
  const { value, json } = await withServer(flags, (server) => server.ask(calls.listTasks()));
  printAnswer(flags.json, json, () => taskTable(value.tasks));
}
