/** Everything that a server's configuration file may hold. */
import {
  ConfigKey,
  ControlConfig,
  folderProblem,
  IsOneOf,
  IsPort,
  IsPositiveNumber,
  IsText,
  IsTextList,
  IsTrueOrFalse,
  loadConfig,
  MAX_PATH_CHARS,
  MAX_SPEED_MIB_PER_SECOND,
  MayBeAbsent,
  NetConfig,
  Rule,
  ServiceConfig,
  toBytesPerSecond,
} from '@gofd/service-kit';
import { networksProblem } from '../tasks/dest-fence.ts';

/** Folders that one server may distribute from. */
export const MAX_SOURCE_ROOTS = 64;

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

  /**
   * Folders below which sources must lie, really and not by name alone. Without it, whatever this process
   * may read can be distributed by anyone who has the password of the fleet; warns at each start.
   */
  @ConfigKey({ list: true, path: true, onDisk: folderProblem })
  @IsTextList(MAX_SOURCE_ROOTS, MAX_PATH_CHARS)
  @MayBeAbsent()
  sourceRoots?: string[];

  /** With `sourceRoots`: files that have further names are distributed, which may lie outside of them. */
  @ConfigKey()
  @IsTrueOrFalse()
  sourceHardLinks = false;

  /** Networks in which hosts must lie that tasks name; without it tasks may name any host. */
  @ConfigKey({ list: true })
  @Rule('networks', networksProblem)
  @MayBeAbsent()
  destNetworks?: string[];

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
