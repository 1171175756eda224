import type { CompletableCommand } from './command-tree.ts';
import { nextWords, valuePatterns } from './script-parts.ts';

/** `path` and `words` are zsh's own: the script must not name anything so. */
export function zshScript(tree: readonly CompletableCommand[]): string {
  const { files, choices, free } = valuePatterns(tree);
  return `#compdef gofd
# Completion of gofd for zsh. Load it: source <(gofd completion zsh)
_gofd() {
  local at='' i
  local -a next
  for ((i = 2; i < CURRENT; i++)); do
    case "\${at:+$at }\${words[i]}" in
      ${alternatives(tree.flatMap(({ path }) => (path === '' ? [] : [path])))})
        at="\${at:+$at }\${words[i]}" ;;
    esac
  done
  case "$at \${words[CURRENT-1]}" in
${branch(files, '_files')}
${choices.map(({ at, words }) => branch([at], `compadd -- ${words.join(' ')}`)).join('\n')}
${branch(free, "_message 'a value'")}
  esac
  case "$at" in
${tree.map((command) => `    ${quote(command.path)}) next=(\n${described(command)}\n    ) ;;`).join('\n')}
  esac
  _describe -o 'gofd' next
}
# Autoloaded, this file is the function itself; sourced, it only defines it.
if [ "\${funcstack[1]}" = _gofd ]; then _gofd "$@"; else compdef _gofd gofd; fi
`;
}

function described(command: CompletableCommand): string {
  return nextWords(command)
    .map(({ word, description }) => {
      const text = description === '' ? '' : `:${description}`;
      return `      ${quote(`${word.replaceAll(':', '\\:')}${text}`)}`;
    })
    .join('\n');
}

function branch(patterns: readonly string[], body: string): string {
  return patterns.length === 0 ? '' : `    ${alternatives(patterns)}) ${body}; return ;;`;
}

function alternatives(patterns: readonly string[]): string {
  return patterns.map(quote).join(' | ');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
