import type { IncomingMessage } from 'node:http';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

/** Where a call came from, for the audit trail: all callers share one user, so the address says who. */
export const Caller = createParamDecorator((_data: unknown, context: ExecutionContext): string => {
  const request = context.switchToHttp().getRequest<IncomingMessage>();
  return request.socket.remoteAddress ?? 'unknown';
});
