/** Everything that an agent's configuration file may hold. */
import {
  ConfigKey,
  ControlConfig,
  IsText,
  loadConfig,
  MAX_PATH_CHARS,
  NetConfig,
  ServiceConfig,
  writableFolderProblem,
} from '@gofd/service-kit';

export class AgentConfig extends ServiceConfig {
  override name = 'agent';

  /** Folder that files land in; it must exist and be writable. */
  @ConfigKey({ path: true, onDisk: writableFolderProblem })
  @IsText(MAX_PATH_CHARS)
  downdir!: string;

  @ConfigKey({ section: () => NetConfig })
  net!: NetConfig;

  /** The reference spells it `contorl`. The upload limit comes with each task. */
  @ConfigKey({ section: () => ControlConfig, alsoSpelt: 'contorl' })
  control = new ControlConfig();
}

/** @throws ConfigError with every problem of the file */
export function loadAgentConfig(file: string): AgentConfig {
  return loadConfig(file, AgentConfig);
}
