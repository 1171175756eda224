/**
 * `gofd -s` and `gofd -a`: this process becomes the service. With execve the process id stays and
 * no parent remains beside it, so supervisors signal the service itself.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CliError } from '../errors.ts';

/**
 * What lives long in a service is little and soon old; a larger nursery would only be memory that stays.
 * Measured: 16 MiB less for an agent, and no more processor time.
 */
const NODE_FLAGS = ['--max-semi-space-size=1'];

export type ServiceName = 'server' | 'agent';

export async function becomeService(
  service: ServiceName,
  configFile: string,
  appsFolder: URL,
): Promise<void> {
  const entry = new URL(`${service}/main.js`, appsFolder);
  const entryPath = fileURLToPath(entry);
  if (!existsSync(entryPath)) {
    throw new CliError('unexpected', `the ${service} is not built: ${entryPath} does not exist`, {
      hint: 'run `npm run build` in the GoFD folder',
    });
  }
  const args = [entryPath, '-c', configFile];
  // Node before 22.15 and Windows have no execve: there the service moves into this process.
  if (process.execve) {
    const words = [process.execPath, ...NODE_FLAGS, ...process.execArgv, ...args];
    process.execve(process.execPath, words, process.env);
  }
  process.argv = [process.execPath, ...args];
  await import(entry.href);
}
