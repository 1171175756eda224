import type { CompletableCommand, CompletableOption, ValueKind } from './command-tree.ts';

export function fishScript(tree: readonly CompletableCommand[]): string {
  const paths = tree.flatMap(({ path }) => (path === '' ? [] : [quote(path)]));
  return `# Completion of gofd for fish. Load it: gofd completion fish | source
function __gofd_at
    set -l known ${paths.join(' ')}
    set -l at ''
    for word in (commandline -opc)[2..-1]
        set -l further (string trim -- "$at $word")
        contains -- $further $known; and set at $further
    end
    test "$at" = "$argv[1]"
end
complete -c gofd -f
${tree.flatMap(commandLines).join('\n')}
`;
}

function commandLines(command: CompletableCommand): string[] {
  const { path, subcommands, argument, options } = command;
  const start = `complete -c gofd -n ${quote(`__gofd_at "${path}"`)}`;
  const choices = typeof argument === 'object' ? [`${start} -a ${quote(argument.join(' '))}`] : [];
  return [
    ...subcommands.map(
      ({ word, description }) => `${start} -a ${quote(word)} -d ${quote(description)}`,
    ),
    ...choices,
    ...options.map((option) => `${start} ${optionWords(option)}`),
  ];
}

function optionWords({ word, description, value }: CompletableOption): string {
  const name = word.startsWith('--') ? `-l ${word.slice(2)}` : `-s ${word.slice(1)}`;
  return `${name}${valueWords(value)} -d ${quote(description)}`;
}

function valueWords(value: ValueKind | undefined): string {
  if (value === undefined) return '';
  if (value === 'file') return ' -r -F';
  return value === 'free' ? ' -x' : ` -x -a ${quote(value.join(' '))}`;
}

/** In single quotes fish knows \\\\ and \\' alone. */
function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
