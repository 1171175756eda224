/** What the scripts of all shells have in common. Pure. */
import type { CompletableCommand } from './command-tree.ts';

export interface PathWord {
  readonly word: string;
  readonly description: string;
}

/** Where a value is due: the path of the command and the option before it, `task create --from`. */
export interface ValuePatterns {
  readonly files: readonly string[];
  readonly choices: readonly { readonly at: string; readonly words: readonly string[] }[];
  /** Only the user knows. */
  readonly free: readonly string[];
}

/** Subcommands, choices of an argument and options, in the order of the help. */
export function nextWords({ subcommands, argument, options }: CompletableCommand): PathWord[] {
  const choices = Array.isArray(argument) ? (argument as readonly string[]) : [];
  return [
    ...subcommands,
    ...choices.map((choice) => ({ word: choice, description: '' })),
    ...options.map(({ word, description }) => ({ word, description })),
  ];
}

export function valuePatterns(tree: readonly CompletableCommand[]): ValuePatterns {
  const all = tree.flatMap(({ path, options }) =>
    options.map(({ word, value }) => ({ at: `${path} ${word}`, value })),
  );
  return {
    files: all.flatMap(({ at, value }) => (value === 'file' ? [at] : [])),
    free: all.flatMap(({ at, value }) => (value === 'free' ? [at] : [])),
    choices: all.flatMap(({ at, value }) =>
      typeof value === 'object' ? [{ at, words: value }] : [],
    ),
  };
}
