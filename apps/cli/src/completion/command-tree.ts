/** What can be typed after what, from commander's own tree: nothing is listed twice, so nothing is forgotten. */
import type { Argument, Command, Option } from 'commander';

/** What may stand where a value is due. */
export type ValueKind = 'file' | 'free' | readonly string[];

export interface CompletableOption {
  /** `--from`, or `-s` where there is no long form. */
  readonly word: string;
  readonly description: string;
  /** Undefined for a flag. */
  readonly value: ValueKind | undefined;
}

export interface CompletableCommand {
  /** Words before it: empty for the program, `task create`. */
  readonly path: string;
  readonly description: string;
  readonly subcommands: readonly { readonly word: string; readonly description: string }[];
  readonly options: readonly CompletableOption[];
  /** What its first argument may be; undefined where it takes none. */
  readonly argument: ValueKind | undefined;
}

/** A value named like this is a file: `<path>`, `<task.yml>`, `<pem>`. */
const FILE_VALUE = /path|pem|yml/;

/** The program first, then every command below it, in the order of the help. */
export function commandTree(program: Command): CompletableCommand[] {
  return below(program, '');
}

function below(command: Command, path: string): CompletableCommand[] {
  const help = command.createHelp();
  const children = command.commands.map((child) => ({
    word: child.name(),
    description: child.summary() || child.description(),
  }));
  const node: CompletableCommand = {
    path,
    description: command.summary() || command.description(),
    subcommands: children,
    options: help.visibleOptions(command).map(completableOption),
    argument: argumentKind(command.registeredArguments[0]),
  };
  const deeper = command.commands.flatMap((child) =>
    below(child, path === '' ? child.name() : `${path} ${child.name()}`),
  );
  return [node, ...deeper];
}

function completableOption(option: Option): CompletableOption {
  const { long, short, flags, description } = option;
  const takesValue = option.required || option.optional;
  const kind = option.argChoices ?? (FILE_VALUE.test(flags) ? 'file' : 'free');
  return { word: long ?? short ?? flags, description, value: takesValue ? kind : undefined };
}

function argumentKind(argument: Argument | undefined): ValueKind | undefined {
  if (!argument) return undefined;
  return argument.argChoices ?? 'free';
}
