import { ConfigKey } from '../src/lib/config/config-key.ts';
import { ControlConfig } from '../src/lib/config/control-config.ts';
import { NetConfig } from '../src/lib/config/net-config.ts';
import { ServiceConfig } from '../src/lib/config/service-config.ts';
import { ConfigError } from '../src/lib/errors.ts';

/** What server and agent have in common, as a schema of its own. */
export class SampleConfig extends ServiceConfig {
  override name = 'sample';

  @ConfigKey({ section: () => NetConfig })
  net!: NetConfig;

  @ConfigKey({ section: () => ControlConfig, alsoSpelt: 'contorl' })
  control = new ControlConfig();
}

export const SAMPLE_NET = `net:
  ip: 127.0.0.1
  mgntPort: 45010
  dataPort: 45011
`;
export const SAMPLE_AUTH = `auth:
  username: gofd
  password: yrsK+2iiwPqecImH7obTUm1vhnvvQzFmYYiOz5oqaoc=
  factor: 9427e80d
  crc: 63F7
`;
export const SAMPLE_TEXT = SAMPLE_NET + SAMPLE_AUTH;

/** The problems of whatever is thrown, as `key:line message`; empty when nothing is. */
export function problemsOf(action: () => unknown): string[] {
  try {
    action();
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ key, line, message }) => `${key}:${line ?? '-'} ${message}`);
  }
}
