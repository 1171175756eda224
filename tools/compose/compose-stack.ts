/**
 * The stack of docker-compose.yml as a test sees it: its own project name, a free port and a share
 * folder of its own, so that it disturbs no stack that somebody runs by hand.
 */
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
/** Compose v2 is a plugin of docker, 1.29 a program of its own. */
const COMPOSE_FORMS: readonly (readonly string[])[] = [['docker', 'compose'], ['docker-compose']];

export interface ComposeOptions {
  readonly folder: string;
  readonly project: string;
  readonly serverPort: number;
  readonly shareFolder: string;
}

/** @returns why this machine cannot run the stack; undefined when it can */
export function missingEngine(): string | undefined {
  if (!succeeds(['docker', 'info'])) return 'no Docker engine answers (`docker info` fails)';
  if (composeCommand() === undefined) return 'Docker Compose is not installed';
  return undefined;
}

export class ComposeStack {
  readonly #options: ComposeOptions;
  readonly #command: readonly string[];

  constructor(options: ComposeOptions) {
    this.#options = options;
    this.#command = composeCommand() ?? [];
  }

  /** Builds the image from the sources as they are now, and starts all services. */
  async start(): Promise<void> {
    await this.#compose('build');
    await this.#compose('up', '-d');
  }

  /** @returns Docker's word for each container (`starting`, `healthy`, `unhealthy`) */
  async healths(): Promise<string[]> {
    const ids = (await this.#compose('ps', '-q')).trim().split('\n');
    const format = '{{.State.Health.Status}}';
    const { stdout } = await run('docker', ['inspect', '--format', format, ...ids]);
    return stdout.trim().split('\n');
  }

  /** @returns what the command wrote to standard output in that service's container */
  async execute(service: string, ...command: string[]): Promise<string> {
    return await this.#compose('exec', '-T', service, ...command);
  }

  async logs(): Promise<string> {
    return await this.#compose('logs', '--no-color', '--tail=50');
  }

  /** Removes containers, network and volumes; the image stays as a cache for the next run. */
  async remove(): Promise<void> {
    await this.#compose('down', '--volumes', '--remove-orphans', '--timeout', '5');
  }

  async #compose(...args: string[]): Promise<string> {
    const { folder, project, serverPort, shareFolder } = this.#options;
    const [program = '', ...words] = [...this.#command, '--project-name', project, ...args];
    const { stdout } = await run(program, words, {
      cwd: folder,
      maxBuffer: MAX_OUTPUT_BYTES,
      env: { ...process.env, GOFD_PORT: String(serverPort), GOFD_SHARE: shareFolder },
    });
    return stdout;
  }
}

function composeCommand(): readonly string[] | undefined {
  return COMPOSE_FORMS.find((words) => succeeds([...words, 'version']));
}

function succeeds([program = '', ...args]: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}
