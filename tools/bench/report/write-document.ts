/** Puts a rendered report into its document, formatted as everything else in the repository is. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { replaceMarkedSection } from './marked-section.ts';

const NEW_DOCUMENT = '# Benchmarks\n';

export async function writeDocument(path: string, section: string): Promise<void> {
  const document = existsSync(path) ? readFileSync(path, 'utf8') : NEW_DOCUMENT;
  writeFileSync(path, replaceMarkedSection(document, await formatMarkdown(section)));
}

/** Only the section: the prose around it is not ours to touch. */
export function formatMarkdown(section: string): Promise<string> {
  return format(section, { parser: 'markdown' });
}
