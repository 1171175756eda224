import type { ServerResponse } from 'node:http';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { Public } from '../http/public.decorator.ts';
import { Readiness, type Unreadiness } from './readiness.ts';

const HTTP_UNAVAILABLE = 503;

/** Answer of the readiness probe. */
export interface ReadinessView {
  readonly status: 'ready' | 'notReady';
  readonly reasons: readonly Unreadiness[];
}

/** Probes of container engines and load balancers, the same on every service. No password. */
@Controller('health')
@Public()
export class ProbeController {
  constructor(@Inject(Readiness) private readonly readiness: Readiness) {}

  /** Says nothing but that the event loop turns. */
  @Get('live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** 503 with the reasons while the service should not be given work. */
  @Get('ready')
  ready(@Res({ passthrough: true }) response: ServerResponse): ReadinessView {
    const reasons = this.readiness.reasons();
    if (reasons.length === 0) return { status: 'ready', reasons };
    response.statusCode = HTTP_UNAVAILABLE;
    return { status: 'notReady', reasons };
  }
}
