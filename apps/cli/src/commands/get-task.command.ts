import { calls } from '@gofd/api-client';
import type { Command } from 'commander';
import { withServer } from '../connection/connect.ts';
import { withConnectionOptions, type ConnectionFlags } from '../connection/connection-options.ts';
import { printAnswer } from '../output.ts';
import { taskReport } from '../text/task-text.ts';
import { parseTaskId, TASK_ID_ARGUMENT } from './task-id-argument.ts';

const EXAMPLES = `
Failed hosts come first, each with its code and a sentence. The exit code tells whether the call
succeeded, not how the task stands.

Examples:
  gofd task get release-7
  gofd task get release-7 --json | jq -r '.dispatchInfos | to_entries[] | select(.value.status == "FAILED") | .key'`;

export function addGetCommand(parent: Command): void {
  const command = parent
    .command('get')
    .summary('show one task, host by host')
    .description('Shows one task, host by host.')
    .argument(TASK_ID_ARGUMENT, 'id of the task', parseTaskId);
  withConnectionOptions(command).addHelpText('after', EXAMPLES).action(getTask);
}

async function getTask(id: string, flags: ConnectionFlags): Promise<void> {
  const { value, json } = await withServer(flags, (server) => server.ask(calls.getTask(id)));
  printAnswer(flags.json, json, () => taskReport(value));
}
