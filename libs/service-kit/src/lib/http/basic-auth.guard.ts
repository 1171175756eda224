import type { IncomingMessage } from 'node:http';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { constantTimeEqual } from '@gofd/auth-crypto';
import { RequestError } from '@gofd/task-model';
import { HTTP_OPTIONS, type HttpOptions } from './http-options.ts';
import { PUBLIC_ROUTE } from './public.decorator.ts';

const BASIC = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i;

/** Lets a request through that carries the fleet's user name and password by HTTP Basic. */
@Injectable()
export class BasicAuthGuard implements CanActivate {
  constructor(
    @Inject(HTTP_OPTIONS) private readonly options: HttpOptions,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC_ROUTE, targets)) return true;
    const request = context.switchToHttp().getRequest<IncomingMessage>();
    if (this.#isKnown(request.headers.authorization ?? '')) return true;
    throw new RequestError('UNAUTHORIZED', 'sign in with the user name and password of the fleet');
  }

  /** Both parts are always compared, so that the time tells nothing about either. */
  #isKnown(header: string): boolean {
    const encoded = BASIC.exec(header)?.[1];
    const pair = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8');
    const colon = pair.indexOf(':');
    const { username, password } = this.options.credentials;
    const isUser = constantTimeEqual(colon < 0 ? '' : pair.slice(0, colon), username);
    const isPassword = constantTimeEqual(pair.slice(colon + 1), password);
    return isUser && isPassword && colon >= 0;
  }
}
