/** The command line as commander is told of it; what a command does lives in commands/. */
import { Command, Option } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { becomeService } from './commands/become-program.ts';
import type { CommandContext } from './commands/command-context.ts';
import { printPassword } from './commands/print-password.ts';
import { addCompletionCommand } from './commands/completion.command.ts';
import { addDoctorCommand } from './commands/doctor.command.ts';
import { addAgentsCommand } from './commands/list-agents.command.ts';
import { addPlanCommand } from './commands/plan.command.ts';
import { addSimulateCommand } from './commands/simulate.command.ts';
import { addTaskCommand } from './commands/task.command.ts';
import { usageError } from './errors.ts';
import { exitCodeHelp } from './exit-codes.ts';

interface ProgramFlags {
  readonly p?: string | true;
  readonly s?: string;
  readonly a?: string;
}

const EXAMPLES = `
Examples:
  gofd -s server.yml                  run the server in this process
  gofd -a agent.yml                   run an agent in this process
  gofd -p                             hide a password for a configuration; it is asked for
  pass show gofd | gofd -p -          the same from standard input
  gofd task create --file /data/app.tar --host 10.0.0.7 10.0.0.8 --watch
  gofd plan --file /data/app.tar --host 10.0.0.7 10.0.0.8
                                      would they take it? nothing is sent
  gofd doctor 10.0.0.7                what is wrong with a host, and what to do
  gofd agents                         who has announced itself to the server
  gofd task --help                    tasks, signing in, and more examples
  source <(gofd completion bash)      completes words on the Tab key; zsh and fish too
  gofd simulate --help                how long a task would take, before there is one

-p hides a password from a glance, no more: the key stands beside it.
`;

export function createProgram(context: CommandContext): Command {
  const program = new Command('gofd')
    .description('Distributes files to many hosts: central control, peer-to-peer bytes.')
    .version(`gofd ${packageJson.version}`, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help; each command has its own')
    .addOption(
      serviceOption('-s <server.yml>', 'become the server of this configuration', ['a', 'p']),
    )
    .addOption(
      serviceOption('-a <agent.yml>', 'become the agent of this configuration', ['s', 'p']),
    )
    .option('-p [plain]', 'print a password as factor, crc and stxt; without value or -: read it')
    .enablePositionalOptions()
    .allowExcessArguments()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'gofd: ')) })
    .showHelpAfterError('hint: add --help to see what can be said')
    .exitOverride()
    .addHelpText('after', `${EXAMPLES}\n${exitCodeHelp()}`)
    .hook('preSubcommand', refuseMixture)
    .action((flags: ProgramFlags, command: Command) => runFlags(flags, command, context));
  addTaskCommand(program, context);
  addPlanCommand(program, context);
  addDoctorCommand(program, context);
  addAgentsCommand(program);
  addSimulateCommand(program, context);
  addCompletionCommand(program);
  return program;
}

function serviceOption(flags: string, description: string, conflicting: string[]): Option {
  return new Option(flags, description).conflicts(conflicting);
}

function refuseMixture(program: Command, subcommand: Command): void {
  const given = Object.keys(program.opts())[0];
  if (given !== undefined) {
    throw usageError(`-${given} and ${subcommand.name()} do not go together`, 'gofd --help');
  }
}

async function runFlags(
  { p, s, a }: ProgramFlags,
  program: Command,
  { appsFolder }: CommandContext,
): Promise<void> {
  const [unknown] = program.args;
  if (unknown !== undefined) {
    throw usageError(
      `unknown command ${JSON.stringify(unknown)}`,
      'gofd --help shows what there is',
    );
  }
  if (p !== undefined) return printPassword(p);
  if (s !== undefined) return becomeService('server', s, appsFolder);
  if (a !== undefined) return becomeService('agent', a, appsFolder);
  program.outputHelp({ error: true });
  throw usageError('nothing to do', 'gofd --help shows what can be said, with examples');
}
