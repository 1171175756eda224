import type { DynamicModule, INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { NestLoggerAdapter } from '../logging/nest-logger-adapter.ts';
import { HttpMannersModule } from './http-manners.module.ts';
import type { HttpOptions } from './http-options.ts';
import { LimitedExpressAdapter } from './limited-express-adapter.ts';
import type { TlsFiles } from './tls-files.ts';

export interface HttpAppOptions extends HttpOptions {
  /** `net.tls`; the port speaks HTTPS when it names a certificate. */
  readonly tls?: TlsFiles | undefined;
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
    imports: [appModule, HttpMannersModule.forRoot(options)],
  };
  return NestFactory.create(root, new LimitedExpressAdapter(options.tls), {
    bodyParser: false,
    abortOnError: false,
    logger: new NestLoggerAdapter(options.logger),
  });
}
