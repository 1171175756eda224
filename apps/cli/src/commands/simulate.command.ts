/**
 * `gofd simulate …`: this process becomes the simulator, which knows its own options and help. It is a
 * program of its own because the command may not touch the data plane (docs/adr/0010).
 */
import type { Command } from 'commander';
import { becomeSimulator } from './become-program.ts';
import type { CommandContext } from './command-context.ts';

export function addSimulateCommand(program: Command, { appsFolder }: CommandContext): void {
  program
    .command('simulate')
    .summary('predict how long a task takes, with slow and dying hosts')
    .description('Predicts how long a task takes: `gofd simulate --help` has the options.')
    .argument('[options...]')
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action((words: readonly string[]) => becomeSimulator(words, appsFolder));
}
