/** The hosts of a task: those of --host, then those of --hosts-file, in the order given. */
import { CliError } from '../errors.ts';
import { readStdin, readTextFile } from './read-text.ts';

/** 10,000 hosts with long names and comments fit well. */
export const MAX_HOSTS_FILE_BYTES = 4 * 1024 * 1024;
export const STDIN_PATH = '-';

/** One host a line; blank lines, and what follows a #, do not count. */
export function parseHosts(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
}

export async function readHosts(
  named: readonly string[],
  hostsFile: string | undefined,
): Promise<string[]> {
  if (hostsFile === undefined) return [...named];
  const text =
    hostsFile === STDIN_PATH
      ? await readStdin('hosts', MAX_HOSTS_FILE_BYTES)
      : await readTextFile(hostsFile, '--hosts-file', MAX_HOSTS_FILE_BYTES);
  const hosts = [...named, ...parseHosts(text)];
  if (hosts.length === 0) throw new CliError('config', `--hosts-file ${hostsFile} names no host`);
  return hosts;
}
