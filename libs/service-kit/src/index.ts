export {
  ConfigError,
  ListenError,
  type ConfigProblem,
  type ListenErrorCode,
} from './lib/errors.ts';

export { AuthConfig } from './lib/config/auth-config.ts';
export {
  ConfigKey,
  type ConfigKeyOptions,
  type DiskCheck,
  type SchemaClass,
} from './lib/config/config-key.ts';
export {
  IsIntegerBetween,
  IsOneOf,
  IsPort,
  IsPositiveNumber,
  IsText,
  IsTextList,
  IsTrueOrFalse,
  MayBeAbsent,
  Rule,
} from './lib/config/config-rules.ts';
export {
  BYTES_PER_MIB,
  ControlConfig,
  MAX_SPEED_MIB_PER_SECOND,
  toBytesPerSecond,
} from './lib/config/control-config.ts';
export { Credentials } from './lib/config/credentials.ts';
export { EXIT_CONFIG, formatConfigError } from './lib/config/format-config-error.ts';
export {
  loadConfig,
  parseConfig,
  type ConfigSource,
  type ParsedConfig,
} from './lib/config/load-config.ts';
export { LoadedConfigModule } from './lib/config/loaded-config.module.ts';
export { MetricsConfig } from './lib/config/metrics-config.ts';
export { NetConfig } from './lib/config/net-config.ts';
export { PASSWORD_VARIABLE } from './lib/config/resolve-password.ts';
export { checkSamplePassword } from './lib/config/sample-password.ts';
export { ServiceConfig } from './lib/config/service-config.ts';
export { MAX_PATH_CHARS, TlsConfig } from './lib/config/tls-config.ts';
export { folderProblem, writableFolderProblem } from './lib/config/writable-folder.ts';

export { closeLogger } from './lib/logging/close-logger.ts';
export { createLogger, type Logger, type LoggerOptions } from './lib/logging/create-logger.ts';
export { escapeUnsafe } from './lib/logging/log-line.ts';
export { NestLoggerAdapter } from './lib/logging/nest-logger-adapter.ts';
export { REDACTED, registerSecret } from './lib/logging/redaction.ts';

export { BasicAuthGuard } from './lib/http/basic-auth.guard.ts';
export { BodyLimit, NoBody, DEFAULT_BODY_LIMIT_BYTES } from './lib/http/body-limit.decorator.ts';
export { createRequestValidationPipe } from './lib/http/request-validation.pipe.ts';
export { createHttpApp, type HttpAppOptions, type Operations } from './lib/http/create-http-app.ts';
export {
  createHttpClient,
  INSECURE_WARNING,
  managementUrl,
  type HttpClientOptions,
} from './lib/http/http-client.ts';
export { HttpMannersModule } from './lib/http/http-manners.module.ts';
export type { FleetCredentials, HttpOptions } from './lib/http/http-options.ts';
export { listen, toListenError } from './lib/http/listen.ts';
export {
  currentRequestId,
  forRequest,
  keepRequestId,
  MAX_REQUEST_ID_CHARS,
  REQUEST_ID_HEADER,
} from './lib/http/request-id.ts';
export { Public } from './lib/http/public.decorator.ts';
export { readTlsFiles, speaksTls, type TlsFiles, type TlsPems } from './lib/http/tls-files.ts';

export { HealthModule } from './lib/health/health.module.ts';
export type { ReadinessView } from './lib/health/probe.controller.ts';
export { Readiness, type ReadinessCheck, type Unreadiness } from './lib/health/readiness.ts';
export { describeDataPlane, type DataPlaneFigures } from './lib/metrics/data-plane-metrics.ts';
export { MetricsModule } from './lib/metrics/metrics.module.ts';
export {
  OTHER_CODE,
  ServiceMetrics,
  type LabelledMetric,
  type MetricName,
} from './lib/metrics/service-metrics.ts';

export { measureLag, type LagMeasurement } from './lib/lifecycle/event-loop-lag.ts';
export {
  EXIT_FAILED,
  EXIT_INTERNAL,
  runService,
  type RunningService,
  type ServiceProgram,
} from './lib/lifecycle/run-service.ts';
export { EXIT_USAGE, parseServiceArgs, type ServiceArgs } from './lib/lifecycle/service-args.ts';
export { GOFD_VERSION } from './lib/lifecycle/version.ts';
