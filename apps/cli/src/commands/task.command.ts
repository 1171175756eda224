import type { Command } from 'commander';
import { exitCodeHelp } from '../exit-codes.ts';
import { addCancelCommand } from './cancel-task.command.ts';
import type { CommandContext } from './command-context.ts';
import { addCreateCommand } from './create-task.command.ts';
import { addGetCommand } from './get-task.command.ts';
import { addHostsCommand } from './list-hosts.command.ts';
import { addListCommand } from './list-tasks.command.ts';
import { addRetryCommand } from './retry-task.command.ts';
import { addWatchCommand } from './watch-task.command.ts';

const SIGN_IN = `
Every command signs in to the management port of a server. Set these once and type less:
  export GOFD_SERVER=http://10.0.0.1:45000 GOFD_USER=gofd GOFD_PASSWORD=…

The password is taken from --user name:password, --password-file, GOFD_PASSWORD or GOFD_USER, in
this order, else it is asked for on the terminal. What stands on the command line shows in ps.

An address without a scheme means http://, or https:// when --ca, --cert or --insecure is given.
Examples:
  gofd task create --file /data/app.tar --host 10.0.0.7 10.0.0.8 --watch
  gofd task list
  gofd task hosts release-7 --state FAILED
`;

/** `gofd task …` */
export function addTaskCommand(program: Command, context: CommandContext): void {
  const task = program
    .command('task')
    .summary('create, show, watch, cancel and retry tasks of a server')
    .description('Tasks of a server: files that go to many hosts.')
    .addHelpText('after', `${SIGN_IN}\n${exitCodeHelp()}`);
  addCreateCommand(task, context);
  addGetCommand(task);
  addHostsCommand(task);
  addListCommand(task);
  addCancelCommand(task);
  addRetryCommand(task, context);
  addWatchCommand(task, context);
}
