import { randomInt } from 'node:crypto';
import { calls } from '@gofd/api-client';
import type { Command } from 'commander';
import { withServer } from '../connection/connect.ts';
import { withConnectionOptions, type ConnectionFlags } from '../connection/connection-options.ts';
import { newTaskId } from '../input/new-task-id.ts';
import { readTask, takesStdin, type TaskFlags } from '../input/read-task.ts';
import { printAnswer, printNote } from '../output.ts';
import { planHints, planReport } from '../text/plan-text.ts';
import type { CommandContext } from './command-context.ts';
import { TASK_HELP, withTaskOptions } from './task-options.ts';

type PlanFlags = ConnectionFlags & TaskFlags;

const EXAMPLES = `${TASK_HELP}

Asks every host whether it would take the files: is the agent there, which version, how much space is
free, may it write, what stands under these names. The time is predicted from what the hosts received
a second in their last tasks. No task is created and no byte of a file is sent; what is true now may
not be in a minute. Hosts that are off make the answer late: 64 are asked at once.

The exit code is 0 when every host would take it, else 2. A host whose agent is too old to be asked
counts as one that would not. How to sign in: gofd task --help

Examples:
  gofd plan --file /data/app.tar --host 10.0.0.7 10.0.0.8
  gofd plan --file /data/app.tar --group zone=b && gofd task create --file /data/app.tar --group zone=b
  gofd plan --from task.yml
  gofd plan --from task.yml --json | jq -r '.hosts[] | select(.verdict != "READY") | .host'`;

/** `gofd plan` */
export function addPlanCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('plan')
    .summary('ask every host whether it would take a task; nothing is sent')
    .description('Asks every host whether it would take a task; nothing is sent.');
  withConnectionOptions(withTaskOptions(command))
    .addHelpText('after', EXAMPLES)
    .action((flags: PlanFlags) => planTask(flags, context));
}

async function planTask(flags: PlanFlags, context: CommandContext): Promise<void> {
  const task = await readTask(flags, () => newTaskId(new Date(), randomInt(0x1_0000)));
  const { value, json } = await withServer(
    flags,
    (server) => server.ask(calls.planTask(task)),
    takesStdin(flags),
  );
  printAnswer(flags.json, json, () => planReport(task.id, value));
  if (!flags.json) printNote(planHints(value));
  if (!value.isReady) context.finish('taskPartial');
}
