/** What the file that `log` names says, whichever of the two formats it has. */
import { draftConfig } from '../config/config-draft.ts';
import { readConfigText } from '../config/yaml-text.ts';
import { ConfigError } from '../errors.ts';
import { LogConfig } from './log-config.ts';
import type { LogSettings } from './log-destinations.ts';
import { readSeelog } from './seelog.ts';

/** @throws ConfigError with every problem of the log file */
export function readLogSettings(file: string): LogSettings {
  const text = readConfigText(file);
  return file.toLowerCase().endsWith('.xml') ? readSeelog(text, file) : readYaml(text, file);
}

function readYaml(text: string, file: string): LogSettings {
  const { value, problems } = draftConfig(text, file, LogConfig);
  if (!value || problems.length > 0) throw new ConfigError(file, problems);
  return value.toSettings();
}
