import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { BasicAuthGuard } from './basic-auth.guard.ts';
import { HTTP_OPTIONS, type HttpOptions } from './http-options.ts';
import { JsonBodyInterceptor } from './json-body.interceptor.ts';
import { RequestErrorFilter } from './request-error.filter.ts';
import { createRequestValidationPipe } from './request-validation.pipe.ts';

/** Guard, body reader, validation and error form for every route of an application. */
@Module({})
export class HttpMannersModule {
  static forRoot(options: HttpOptions): DynamicModule {
    return {
      module: HttpMannersModule,
      providers: [
        { provide: HTTP_OPTIONS, useValue: options },
        { provide: APP_GUARD, useClass: BasicAuthGuard },
        { provide: APP_INTERCEPTOR, useClass: JsonBodyInterceptor },
        { provide: APP_PIPE, useFactory: createRequestValidationPipe },
        { provide: APP_FILTER, useClass: RequestErrorFilter },
      ],
    };
  }
}
