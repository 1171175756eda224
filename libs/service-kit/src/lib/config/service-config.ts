import { ConfigError } from '../errors.ts';
import { readLogSettings } from '../logging/log-settings.ts';
import { AuthConfig } from './auth-config.ts';
import { ConfigKey } from './config-key.ts';
import { IsText, MayBeAbsent } from './config-rules.ts';
import type { Credentials } from './credentials.ts';
import { MetricsConfig } from './metrics-config.ts';
import { MAX_PATH_CHARS } from './tls-config.ts';

const MAX_NAME_CHARS = 64;

/** What every service's configuration holds; server and agent add their own keys. */
export abstract class ServiceConfig {
  /** Name of the service in its log. */
  @ConfigKey()
  @IsText(MAX_NAME_CHARS)
  name!: string;

  /** Log configuration: YAML, or a seelog .xml; without it, lines of level info on standard output. */
  @ConfigKey({ path: true, onDisk: logProblem })
  @IsText(MAX_PATH_CHARS)
  @MayBeAbsent()
  log?: string;

  @ConfigKey({ section: () => AuthConfig })
  auth!: AuthConfig;

  @ConfigKey({ section: () => MetricsConfig })
  metrics = new MetricsConfig();

  /** User name and plain password; resolved from `auth` when the file is loaded. */
  declare readonly credentials: Credentials;
}

function logProblem(path: string): string | undefined {
  try {
    readLogSettings(path);
    return undefined;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return `${path}: ${error.message}`;
  }
}
