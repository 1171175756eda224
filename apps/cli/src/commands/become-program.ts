/**
 * `gofd -s`, `gofd -a` and `gofd simulate`: this process becomes the service, or the simulator. With
 * execve the process id stays and no parent remains beside it, so supervisors signal the service itself.
 */
import { existsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { CliError } from '../errors.ts';

/** Thousands of sessions live in one process: what they need is what the machine has. */
const SIMULATOR_HEAP_SHARE = 0.75;
const MIB = 2 ** 20;

export type ServiceName = 'server' | 'agent';

export async function becomeService(
  service: ServiceName,
  configFile: string,
  appsFolder: URL,
): Promise<void> {
  await becomeProgram(service, [], ['-c', configFile], appsFolder);
}

/** @param words the command line after `gofd simulate` */
export async function becomeSimulator(words: readonly string[], appsFolder: URL): Promise<void> {
  const heapMiB = Math.floor((totalmem() * SIMULATOR_HEAP_SHARE) / MIB);
  const flags = [`--max-old-space-size=${heapMiB}`];
  await becomeProgram('simulator', flags, words, appsFolder);
}

async function becomeProgram(
  app: string,
  nodeFlags: readonly string[],
  words: readonly string[],
  appsFolder: URL,
): Promise<void> {
  const entry = new URL(`${app}/main.js`, appsFolder);
  const entryPath = fileURLToPath(entry);
  if (!existsSync(entryPath)) {
    throw new CliError('unexpected', `the ${app} is not built: ${entryPath} does not exist`, {
      hint: 'run `npm run build` in the GoFD folder',
    });
  }
  const args = [entryPath, ...words];
  // Node before 22.15 and Windows have no execve: there the program moves into this process.
  if (process.execve) {
    const command = [process.execPath, ...nodeFlags, ...process.execArgv, ...args];
    process.execve(process.execPath, command, process.env);
  }
  process.argv = [process.execPath, ...args];
  await import(entry.href);
}
