import type { DynamicModule, INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { NestLoggerAdapter } from '../logging/nest-logger-adapter.ts';
import { REQUEST_ERROR_STATUS } from '@gofd/task-model';
import { HealthModule } from '../health/health.module.ts';
import type { Readiness } from '../health/readiness.ts';
import { MetricsModule } from '../metrics/metrics.module.ts';
import type { ServiceMetrics } from '../metrics/service-metrics.ts';
import { HttpMannersModule } from './http-manners.module.ts';
import type { HttpOptions } from './http-options.ts';
import { LimitedExpressAdapter } from './limited-express-adapter.ts';
import type { TlsFiles } from './tls-files.ts';

/** What those who run the service look at, beside its own routes. */
export interface Operations {
  readonly metrics: ServiceMetrics;
  /** Whether `GET /metrics` answers without a password. */
  readonly isMetricsPublic: boolean;
  readonly readiness: Readiness;
}

export interface HttpAppOptions extends HttpOptions {
  /** `net.tls`; the port speaks HTTPS when it names a certificate. */
  readonly tls?: TlsFiles | undefined;
  /** @default no metrics and no probes */
  readonly operations?: Operations;
}

/** Joins the application's module with the manners that every route of it follows. */
class HttpAppModule {}

/** A Nest application that is ready to listen, with guard, limits, validation and error form. */
export function createHttpApp(
  appModule: Type | DynamicModule,
  options: HttpAppOptions,
): Promise<INestApplication> {
  const root: DynamicModule = {
    module: HttpAppModule,
    imports: [
      appModule,
      ...operationsModules(options.operations),
      HttpMannersModule.forRoot({ ...options, refused: countRefusals(options) }),
    ],
  };
  return NestFactory.create(root, new LimitedExpressAdapter(options.tls), {
    bodyParser: false,
    abortOnError: false,
    logger: new NestLoggerAdapter(options.logger),
  });
}

function operationsModules(operations: Operations | undefined): DynamicModule[] {
  if (!operations) return [];
  const { metrics, isMetricsPublic, readiness } = operations;
  return [MetricsModule.forRoot(metrics, isMetricsPublic), HealthModule.forRoot(readiness)];
}

function countRefusals({ operations, refused }: HttpAppOptions): HttpOptions['refused'] {
  const count = operations?.metrics.countByCode(
    {
      name: 'request_errors_total',
      help: 'Calls of the REST interface that were refused or failed, by code.',
      label: 'code',
    },
    Object.keys(REQUEST_ERROR_STATUS),
  );
  return (code) => {
    count?.(code);
    refused?.(code);
  };
}
