import type { IncomingMessage } from 'node:http';
import {
  Inject,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Observable } from 'rxjs';
import { BODY_LIMIT_BYTES, DEFAULT_BODY_LIMIT_BYTES } from './body-limit.decorator.ts';
import { readBody } from './body-reader.ts';
import { HTTP_OPTIONS, type HttpOptions } from './http-options.ts';
import { parseJsonBody } from './json-body.ts';
import { assertJsonMediaType } from './media-type.ts';

/** Time in which a body must have arrived, from the moment its request was let in. */
export const BODY_TIMEOUT_MS = 20_000;
const METHODS_WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/** Reads the body only after the guard: who has no password cannot make the process buffer. */
@Injectable()
export class JsonBodyInterceptor implements NestInterceptor {
  constructor(
    @Inject(HTTP_OPTIONS) private readonly options: HttpOptions,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<IncomingMessage & { body?: object }>();
    if (METHODS_WITH_BODY.has(request.method ?? '')) {
      const maxBytes = this.#limitOf(context);
      const timeoutMs = this.options.bodyTimeoutMs ?? BODY_TIMEOUT_MS;
      if (maxBytes > 0) assertJsonMediaType(request.headers);
      const bytes = await readBody(request, { maxBytes, timeoutMs });
      if (maxBytes > 0) request.body = parseJsonBody(bytes);
    }
    return next.handle();
  }

  #limitOf(context: ExecutionContext): number {
    const targets = [context.getHandler(), context.getClass()];
    const limit = this.reflector.getAllAndOverride<number | undefined>(BODY_LIMIT_BYTES, targets);
    return limit ?? DEFAULT_BODY_LIMIT_BYTES;
  }
}
