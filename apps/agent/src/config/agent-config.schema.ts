/** Everything that an agent's configuration file may hold. */
import {
  ConfigKey,
  ControlConfig,
  IsText,
  loadConfig,
  MAX_PATH_CHARS,
  MayBeAbsent,
  NetConfig,
  ServiceConfig,
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

export class AgentConfig extends ServiceConfig {
  override name = 'agent';

  /** Folder that files land in; it must exist and be writable. */
  @ConfigKey({ path: true, onDisk: writableFolderProblem })
  @IsText(MAX_PATH_CHARS)
  downdir!: string;

  @ConfigKey({ section: () => AgentNetConfig })
  net!: AgentNetConfig;

  /** The reference spells it `contorl`. The upload limit comes with each task. */
  @ConfigKey({ section: () => ControlConfig, alsoSpelt: 'contorl' })
  control = new ControlConfig();
}

/** @throws ConfigError with every problem of the file */
export function loadAgentConfig(file: string): AgentConfig {
  return loadConfig(file, AgentConfig);
}
