/** Everything that an agent's configuration file may hold. */
import {
  ConfigKey,
  ControlConfig,
  IsPositiveNumber,
  IsText,
  loadConfig,
  MAX_PATH_CHARS,
  MAX_SPEED_MIB_PER_SECOND,
  MayBeAbsent,
  NetConfig,
  Rule,
  ServiceConfig,
  toBytesPerSecond,
  writableFolderProblem,
} from '@gofd/service-kit';
import { MAX_RACK_NAME_CHARS, parseLabels } from '@gofd/task-model';

export class AgentNetConfig extends NetConfig {
  /** Rack or zone of this host: within one, bytes are shared first, and cross its border once. */
  @ConfigKey()
  @IsText(MAX_RACK_NAME_CHARS)
  @MayBeAbsent()
  rack?: string;
}

export class AgentControlConfig extends ControlConfig {
  /** Upload limit of this host whatever its tasks may use, MiB a second; none by default. */
  @ConfigKey()
  @IsPositiveNumber(MAX_SPEED_MIB_PER_SECOND)
  @MayBeAbsent()
  uploadSpeed?: number;

  /** Download limit of this host, all tasks together, MiB a second; none by default. */
  @ConfigKey()
  @IsPositiveNumber(MAX_SPEED_MIB_PER_SECOND)
  @MayBeAbsent()
  downloadSpeed?: number;

  /** `uploadSpeed` in bytes a second. */
  get uploadLimitBytesPerSecond(): number {
    return toBytesPerSecond(this.uploadSpeed);
  }
}

export class AgentConfig extends ServiceConfig {
  override name = 'agent';

  /** Folder that files land in; it must exist and be writable. */
  @ConfigKey({ path: true, onDisk: writableFolderProblem })
  @IsText(MAX_PATH_CHARS)
  downdir!: string;

  /** URL of a server that this agent announces itself to; it works for any server all the same. */
  @ConfigKey()
  @Rule('serverUrl', serverUrlProblem)
  @MayBeAbsent()
  server?: string;

  /** Zone that tasks may name; `net.rack` unless it is given. */
  @ConfigKey()
  @IsText(MAX_RACK_NAME_CHARS)
  @MayBeAbsent()
  zone?: string;

  /** Labels that tasks may name: `role=web, env=prod`. */
  @ConfigKey()
  @Rule('labels', labelsTextProblem)
  @MayBeAbsent()
  labels?: string;

  @ConfigKey({ section: () => AgentNetConfig })
  net!: AgentNetConfig;

  /** The reference spells it `contorl`. Each task brings an upload limit of its own. */
  @ConfigKey({ section: () => AgentControlConfig, alsoSpelt: 'contorl' })
  control = new AgentControlConfig();
}

/** `http(s)://host:port` and nothing more: no password in it, no path. */
function serverUrlProblem(value: unknown): string | undefined {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  const isPlain = url !== null && url.origin === String(value).replace(/\/$/, '');
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
  return isPlain && isHttp ? undefined : 'must be http://host:port or https://host:port';
}

function labelsTextProblem(value: unknown): string | undefined {
  if (typeof value !== 'string') return 'must be text such as role=web, env=prod';
  return parseLabels(value).problem;
}

/** @throws ConfigError with every problem of the file */
export function loadAgentConfig(file: string): AgentConfig {
  return loadConfig(file, AgentConfig);
}
