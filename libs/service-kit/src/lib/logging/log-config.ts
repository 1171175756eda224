import { BYTES_PER_MIB } from '../config/control-config.ts';
import { ConfigKey } from '../config/config-key.ts';
import {
  IsIntegerBetween,
  IsOneOf,
  IsPositiveNumber,
  IsText,
  IsTrueOrFalse,
  MayBeAbsent,
} from '../config/config-rules.ts';
import { MAX_PATH_CHARS } from '../config/tls-config.ts';
import { LOG_LEVELS, type LogLevel, type LogSettings } from './log-destinations.ts';

const MAX_LOG_MIB = 102_400;
const MAX_LOG_FILES = 1_000;

/** Lines on standard output. */
export class ConsoleLogConfig {
  @ConfigKey()
  @IsTrueOrFalse()
  enabled = true;

  /** Lowest level shown; without it, that of the top. */
  @ConfigKey()
  @IsOneOf(...LOG_LEVELS)
  @MayBeAbsent()
  level?: LogLevel;
}

/** Lines in a file, rotated by size. */
export class FileLogConfig {
  /** Path, relative to the folder of the log configuration. */
  @ConfigKey({ path: true })
  @IsText(MAX_PATH_CHARS)
  path!: string;

  /** Size at which the file is rotated, MiB. */
  @ConfigKey()
  @IsPositiveNumber(MAX_LOG_MIB)
  maxSizeMiB = 10;

  /** Files kept, the current one included. */
  @ConfigKey()
  @IsIntegerBetween(1, MAX_LOG_FILES)
  maxFiles = 5;

  /** Lowest level written; without it, that of the top. */
  @ConfigKey()
  @IsOneOf(...LOG_LEVELS)
  @MayBeAbsent()
  level?: LogLevel;
}

/** The log configuration in YAML. */
export class LogConfig {
  /** Lowest level that is logged. */
  @ConfigKey()
  @IsOneOf(...LOG_LEVELS)
  level: LogLevel = 'info';

  /** `line` for people, `json` for collectors. */
  @ConfigKey()
  @IsOneOf('line', 'json')
  format: 'line' | 'json' = 'line';

  /** `true`, `false` or a section with a level of its own. */
  @ConfigKey({ section: () => ConsoleLogConfig, switchable: true })
  @MayBeAbsent()
  console?: ConsoleLogConfig;

  @ConfigKey({ section: () => FileLogConfig })
  @MayBeAbsent()
  file?: FileLogConfig;

  toSettings(): LogSettings {
    const { level, format, console: screen, file } = this;
    return {
      format,
      ...(screen?.enabled === false ? {} : { consoleLevel: screen?.level ?? level }),
      files: file
        ? [
            {
              path: file.path,
              level: file.level ?? level,
              maxSizeBytes: Math.ceil(file.maxSizeMiB * BYTES_PER_MIB),
              maxFiles: file.maxFiles,
            },
          ]
        : [],
      ignored: [],
    };
  }
}
