import type { IncomingMessage, ServerResponse } from 'node:http';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { constantTimeEqual } from '@gofd/auth-crypto';
import { RequestError } from '@gofd/task-model';
import { HTTP_OPTIONS, type HttpOptions } from './http-options.ts';
import { PUBLIC_ROUTE } from './public.decorator.ts';
import { assertSameOrigin } from './same-origin.ts';
import { SignInFailures } from './sign-in-failures.ts';

const BASIC = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i;

/** Lets a request through that carries the fleet's user name and password by HTTP Basic. */
@Injectable()
export class BasicAuthGuard implements CanActivate {
  readonly #failures: SignInFailures;

  constructor(
    @Inject(HTTP_OPTIONS) private readonly options: HttpOptions,
    @Inject(Reflector) private readonly reflector: Reflector,
  ) {
    this.#failures = new SignInFailures(options.maxSignInFailures);
  }

  canActivate(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC_ROUTE, targets)) return true;
    const request = context.switchToHttp().getRequest<IncomingMessage>();
    assertSameOrigin(request.headers);
    const address = request.socket.remoteAddress ?? '';
    const { authorization = '' } = request.headers;
    if (authorization !== '') this.#assertMayTry(address, context);
    if (this.#isKnown(authorization)) {
      this.#failures.succeeded(address);
      return true;
    }
    // Without credentials nothing was guessed: browsers always ask like that first.
    if (authorization !== '') this.#failures.failed(address, this.#nowMs());
    throw new RequestError('UNAUTHORIZED', 'sign in with the user name and password of the fleet');
  }

  /** Credentials are not looked at while an address is shut out, right or wrong. */
  #assertMayTry(address: string, context: ExecutionContext): void {
    const waitMs = this.#failures.waitMs(address, this.#nowMs());
    if (waitMs === 0) return;
    const seconds = Math.ceil(waitMs / 1000);
    const response = context.switchToHttp().getResponse<ServerResponse>();
    response.setHeader('Retry-After', String(seconds));
    const message = `too many wrong passwords from ${address}; try again in ${seconds} s`;
    throw new RequestError('TOO_MANY_FAILURES', message);
  }

  #nowMs(): number {
    return (this.options.nowMs ?? performance.now.bind(performance))();
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
