import { Controller, Get } from '@nestjs/common';
import { Public } from '@gofd/service-kit';
import { Describe } from '../docs/describe.decorator.ts';

/** Liveness for container engines and load balancers: says nothing but that the process answers. */
@Controller('api/v1/server/health')
export class HealthController {
  @Get()
  @Public()
  @Describe({ summary: 'That the process answers; no password needed', answer: 'Health' })
  check(): { status: 'ok' } {
    return { status: 'ok' };
  }
}
