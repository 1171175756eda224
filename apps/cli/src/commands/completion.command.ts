import { Argument, type Command } from 'commander';
import { bashScript } from '../completion/bash-script.ts';
import { commandTree, type CompletableCommand } from '../completion/command-tree.ts';
import { fishScript } from '../completion/fish-script.ts';
import { zshScript } from '../completion/zsh-script.ts';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const satisfies Readonly<
  Record<string, (tree: readonly CompletableCommand[]) => string>
>;
export type Shell = keyof typeof SCRIPTS;
export const SHELLS = Object.keys(SCRIPTS) as Shell[];

const EXAMPLES = `
The script completes commands, options, files and fixed values; it is made from the command itself, so
make it anew after an update.

Examples:
  source <(gofd completion bash)                                   this bash; put it into ~/.bashrc
  gofd completion bash > /etc/bash_completion.d/gofd               every bash
  gofd completion zsh > "\${fpath[1]}/_gofd"                        zsh, after a new start
  gofd completion fish > ~/.config/fish/completions/gofd.fish      fish`;

/** `gofd completion` */
export function addCompletionCommand(program: Command): void {
  program
    .command('completion')
    .summary('print the completion script of a shell')
    .description('Prints the completion script of a shell.')
    .addArgument(new Argument('<shell>', 'the shell that is to complete').choices(SHELLS))
    .addHelpText('after', EXAMPLES)
    .action((shell: Shell) => void process.stdout.write(SCRIPTS[shell](commandTree(program))));
}
