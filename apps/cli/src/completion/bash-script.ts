import { nextWords, valuePatterns, type PathWord } from './script-parts.ts';
import type { CompletableCommand } from './command-tree.ts';

/** For bash 3.2 and later. Words are separated by line ends, so that none of them is split elsewhere. */
export function bashScript(tree: readonly CompletableCommand[]): string {
  const { files, choices, free } = valuePatterns(tree);
  return `# Completion of gofd for bash. Load it: source <(gofd completion bash)
_gofd() {
  local IFS=$'\\n' at='' cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${at:+$at }\${COMP_WORDS[i]}" in
      ${alternatives(tree.flatMap(({ path }) => (path === '' ? [] : [path])))})
        at="\${at:+$at }\${COMP_WORDS[i]}" ;;
    esac
  done
  case "$at $prev" in
${branch(files, `compopt -o filenames 2>/dev/null\n      COMPREPLY=($(compgen -f -- "$cur"))`)}
${choices.map(({ at, words }) => branch([at], reply(words))).join('\n')}
${branch(free, 'COMPREPLY=()')}
  esac
  case "$at" in
${tree.map((command) => `    ${quote(command.path)}) ${reply(nextWords(command).map(word))} ;;`).join('\n')}
  esac
}
complete -F _gofd gofd
`;
}

function branch(patterns: readonly string[], body: string): string {
  return patterns.length === 0
    ? ''
    : `    ${alternatives(patterns)})\n      ${body}\n      return ;;`;
}

function reply(words: readonly string[]): string {
  return `COMPREPLY=($(compgen -W ${quote(words.join('\n'))} -- "$cur"))`;
}

function alternatives(patterns: readonly string[]): string {
  return patterns.map(quote).join(' | ');
}

function word(next: PathWord): string {
  return next.word;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
