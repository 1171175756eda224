/** Bad file names as data. */
import { readFileSync } from 'node:fs';

export interface BadFileName {
  /** Unique over all files of bad inputs, for ever. */
  readonly id: string;
  readonly what: string;
  readonly name: string;
  /** Part of the sentence that refuses it. */
  readonly problem: string;
}

type Row = Omit<BadFileName, 'name'> & {
  readonly name: string | { readonly $repeat: readonly [text: string, times: number] };
};

export function badFileNames(): BadFileName[] {
  const url = new URL('bad-inputs/file-names.json', import.meta.url);
  const { rows } = JSON.parse(readFileSync(url, 'utf8')) as { rows: readonly Row[] };
  return rows.map(({ name, ...row }) => {
    if (typeof name === 'string') return { ...row, name };
    const [text, times] = name.$repeat;
    return { ...row, name: text.repeat(times) };
  });
}
