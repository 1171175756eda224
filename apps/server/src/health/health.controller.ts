import { Controller, Get } from '@nestjs/common';
import { Public } from '@gofd/service-kit';

/** Liveness for container engines and load balancers: says nothing but that the process answers. */
@Controller('api/v1/server/health')
export class HealthController {
  @Get()
  @Public()
  check(): { status: 'ok' } {
    return { status: 'ok' };
  }
}
