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
  ServiceConfig,
  toBytesPerSecond,
  writableFolderProblem,
} from '@gofd/service-kit';
import { MAX_RACK_NAME_CHARS } from '@gofd/task-model';

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

  @ConfigKey({ section: () => AgentNetConfig })
  net!: AgentNetConfig;

  /** The reference spells it `contorl`. Each task brings an upload limit of its own. */
  @ConfigKey({ section: () => AgentControlConfig, alsoSpelt: 'contorl' })
  control = new AgentControlConfig();
}

/** @throws ConfigError with every problem of the file */
export function loadAgentConfig(file: string): AgentConfig {
  return loadConfig(file, AgentConfig);
}
