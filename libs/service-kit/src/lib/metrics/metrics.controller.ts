import type { ServerResponse } from 'node:http';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { Public } from '../http/public.decorator.ts';
import { ServiceMetrics } from './service-metrics.ts';

/** What Prometheus asks for; it signs in as everybody else does. */
@Controller('metrics')
export class MetricsController {
  constructor(@Inject(ServiceMetrics) private readonly metrics: ServiceMetrics) {}

  @Get()
  async read(@Res() response: ServerResponse): Promise<void> {
    const text = await this.metrics.text();
    response.setHeader('Content-Type', this.metrics.contentType);
    response.end(text);
  }
}

/** The same without a password, where the configuration says so. */
@Controller('metrics')
@Public()
export class PublicMetricsController extends MetricsController {}
