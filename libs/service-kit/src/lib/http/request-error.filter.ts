import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import {
  Catch,
  HttpException,
  Inject,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import { RequestError, type ErrorBody } from '@gofd/task-model';
import { allowedMethods, type RoutedRequest } from './allowed-methods.ts';
import { HTTP_OPTIONS, type HttpOptions } from './http-options.ts';
import { currentRequestId } from './request-id.ts';

const HTTP_BAD_REQUEST = 400;
const HTTP_INTERNAL = 500;
/** Refusals of somebody who may be up to something. */
const WARNED_OF: ReadonlySet<string> = new Set([
  'UNAUTHORIZED',
  'TOO_MANY_FAILURES',
  'ORIGIN_FORBIDDEN',
  'SOURCE_FORBIDDEN',
  'DEST_FORBIDDEN',
  'REPORT_FORBIDDEN',
]);

/** Makes the one JSON form of errors out of whatever was thrown. */
@Catch()
export class RequestErrorFilter implements ExceptionFilter {
  constructor(@Inject(HTTP_OPTIONS) private readonly options: HttpOptions) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<RoutedRequest>();
    const response = host.switchToHttp().getResponse<ServerResponse>();
    const error = this.#toRequestError(thrown, request, response);
    const body = error ? bodyOf(error) : this.#internalError(thrown, request);
    if (error) this.#logRefusal(error, request);
    this.options.refused?.(error?.code ?? 'INTERNAL');
    if (response.headersSent) response.end();
    else send(response, body);
  }

  #toRequestError(
    thrown: unknown,
    request: RoutedRequest,
    response: ServerResponse,
  ): RequestError | undefined {
    if (thrown instanceof RequestError) {
      if (thrown.code === 'UNAUTHORIZED') {
        response.setHeader('WWW-Authenticate', 'Basic realm="gofd", charset="UTF-8"');
      }
      // A caller that is slower than the limit would hold its connection with the rest.
      if (thrown.code === 'REQUEST_TIMEOUT') response.setHeader('Connection', 'close');
      return thrown;
    }
    // Controllers throw RequestError only, so these come from the router.
    if (!(thrown instanceof HttpException) || thrown.getStatus() >= HTTP_INTERNAL) return undefined;
    return unroutedError(request, response);
  }

  #logRefusal(error: RequestError, { method, path, socket }: RoutedRequest): void {
    const level = WARNED_OF.has(error.code) ? 'warn' : 'debug';
    this.options.logger.log(level, 'request refused', {
      code: error.code,
      reason: error.message,
      method,
      path,
      from: socket.remoteAddress,
    });
  }

  #internalError(thrown: unknown, { method, path }: RoutedRequest): ErrorBody {
    const requestId = currentRequestId() ?? randomUUID();
    this.options.logger.error('request failed', { requestId, method, path, error: thrown });
    const message = `something went wrong here; the log of this service has it as ${requestId}`;
    return { statusCode: HTTP_INTERNAL, code: 'INTERNAL', message, requestId };
  }
}

function unroutedError(request: RoutedRequest, response: ServerResponse): RequestError {
  const allowed = allowedMethods(request);
  if (allowed.length === 0) return new RequestError('ROUTE_NOT_FOUND', 'there is no such path');
  response.setHeader('Allow', allowed.join(', '));
  const message = `${request.method ?? 'this method'} is not possible here; use ${allowed.join(', ')}`;
  return new RequestError('METHOD_NOT_ALLOWED', message);
}

function bodyOf({ statusCode, code, message, details }: RequestError): ErrorBody {
  return { statusCode, code, message, ...(details ? { details } : {}) };
}

function send(response: ServerResponse, body: ErrorBody): void {
  const text = JSON.stringify(body);
  response.statusCode = body.statusCode >= HTTP_BAD_REQUEST ? body.statusCode : HTTP_INTERNAL;
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(text);
}
