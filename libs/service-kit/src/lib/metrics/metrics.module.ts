import { Module, type DynamicModule } from '@nestjs/common';
import { MetricsController, PublicMetricsController } from './metrics.controller.ts';
import { ServiceMetrics } from './service-metrics.ts';

/** `GET /metrics`; with `isPublic` no password is asked for. */
@Module({})
export class MetricsModule {
  static forRoot(metrics: ServiceMetrics, isPublic: boolean): DynamicModule {
    return {
      module: MetricsModule,
      controllers: [isPublic ? PublicMetricsController : MetricsController],
      providers: [{ provide: ServiceMetrics, useValue: metrics }],
    };
  }
}
