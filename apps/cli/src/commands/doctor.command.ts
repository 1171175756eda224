import { calls } from '@gofd/api-client';
import { parseHostEntry } from '@gofd/task-model';
import type { Command } from 'commander';
import { withServer } from '../connection/connect.ts';
import { withConnectionOptions, type ConnectionFlags } from '../connection/connection-options.ts';
import { usageError } from '../errors.ts';
import { printAnswer } from '../output.ts';
import { diagnose, diagnosisLines } from '../text/diagnosis.ts';
import type { CommandContext } from './command-context.ts';

const EXAMPLES = `
The server asks the host, and adds what it announced and how it did in its last tasks. Each check is
ok, a problem or a note; a problem says what to do next. Nothing is changed anywhere.

The exit code is 0 when no check found a problem, else 2. How to sign in: gofd task --help

Examples:
  gofd doctor 10.0.0.7
  gofd doctor web-1.example:45010
  gofd task hosts release-7 --state FAILED --json | jq -r '.hosts[].host' | xargs -n1 gofd doctor`;

/** `gofd doctor` */
export function addDoctorCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('doctor')
    .summary('check one host: agent, disk, last tasks, and what to do next')
    .description('Checks one host: agent, disk, last tasks, and what to do next.')
    .argument(
      '<host>',
      'as a task would name it: address or name, with an optional :port',
      parseHost,
    );
  withConnectionOptions(command)
    .addHelpText('after', EXAMPLES)
    .action((host: string, flags: ConnectionFlags) => checkHost(host, flags, context));
}

function parseHost(text: string): string {
  const entry = parseHostEntry(text);
  if (!('problem' in entry)) return text;
  throw usageError(
    `${JSON.stringify(text)} is no host: ${entry.problem}`,
    'a host is 10.0.0.7, [2001:db8::7] or a name, each with an optional :port',
  );
}

async function checkHost(
  host: string,
  flags: ConnectionFlags,
  context: CommandContext,
): Promise<void> {
  const { value, json } = await withServer(flags, (server) => server.ask(calls.checkHost(host)));
  const checks = diagnose(value);
  printAnswer(flags.json, json, () => diagnosisLines(host, checks));
  if (checks.some(({ finding }) => finding === 'problem')) context.finish('taskPartial');
}
