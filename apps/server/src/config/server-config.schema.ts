/** Everything that a server's configuration file may hold. */
import {
  ConfigKey,
  ControlConfig,
  IsOneOf,
  IsPort,
  IsPositiveNumber,
  IsText,
  loadConfig,
  MAX_PATH_CHARS,
  MAX_SPEED_MIB_PER_SECOND,
  MayBeAbsent,
  NetConfig,
  ServiceConfig,
  toBytesPerSecond,
} from '@gofd/service-kit';

export class ServerNetConfig extends NetConfig {
  /** Management port of agents whose entry in destIPs names none. */
  @ConfigKey()
  @IsPort()
  agentMgntPort!: number;

  /** Data port of agents that do not say theirs, as those of the reference. */
  @ConfigKey()
  @IsPort()
  agentDataPort!: number;
}

export class ServerControlConfig extends ControlConfig {
  /** Upload limit of each process of a task, MiB a second; fractions are fine. */
  @ConfigKey()
  @IsPositiveNumber(MAX_SPEED_MIB_PER_SECOND)
  speed = 20;

  /**
   * How agents that speak wire v2 are connected: a mesh, or the chain of the reference, in destIPs order,
   * where the server's and each agent's uplink carry one copy and no more.
   */
  @ConfigKey()
  @IsOneOf('mesh', 'chain')
  topology: 'mesh' | 'chain' = 'mesh';

  /** `speed` in bytes a second. */
  get uploadLimitBytesPerSecond(): number {
    return toBytesPerSecond(this.speed);
  }
}

export class ServerConfig extends ServiceConfig {
  override name = 'server';

  /**
   * Folder in which the server keeps what must outlive it; made if it is not there. Without it tasks are
   * forgotten when the server stops, as the reference forgets them.
   */
  @ConfigKey({ path: true })
  @IsText(MAX_PATH_CHARS)
  @MayBeAbsent()
  state?: string;

  @ConfigKey({ section: () => ServerNetConfig })
  net!: ServerNetConfig;

  /** The reference spells it `contorl`. */
  @ConfigKey({ section: () => ServerControlConfig, alsoSpelt: 'contorl' })
  control = new ServerControlConfig();
}

/** @throws ConfigError with every problem of the file */
export function loadServerConfig(file: string): ServerConfig {
  return loadConfig(file, ServerConfig);
}
