/** Pieces of Markdown that every section of a report is made of. Pure. */
export const DISTURBED_MARK = '\\*';
export const NO_VALUE = '–';

/** Words of other programs must not become mark-up, nor one line several. */
export function plain(text: string): string {
  return `\`${text.replaceAll(/[`\s]+/g, ' ')}\``;
}

/** @returns one block, or none when there is nothing to list */
export function bullets(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [lines.map((line) => `- ${line}`).join('\n')];
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [head, head.map(() => '---'), ...rows].map(line).join('\n');
}
