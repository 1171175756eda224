import { ConfigKey } from './config-key.ts';
import { IsTrueOrFalse } from './config-rules.ts';

/** `GET /metrics` of the management port. */
export class MetricsConfig {
  /** Whether it answers without the password; it names no host, task or file. */
  @ConfigKey()
  @IsTrueOrFalse()
  public = false;
}
