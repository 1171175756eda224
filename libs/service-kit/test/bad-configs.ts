/** Bad configuration files as data. */
import { readFileSync } from 'node:fs';

export interface BadConfig {
  /** Unique over all files of bad inputs, for ever. */
  readonly id: string;
  readonly what: string;
  readonly text: string;
  /** `key:line sentence`, the only one. */
  readonly problem: string;
}

export function badConfigs(): readonly BadConfig[] {
  const url = new URL('bad-inputs/config.json', import.meta.url);
  return (JSON.parse(readFileSync(url, 'utf8')) as { rows: readonly BadConfig[] }).rows;
}
