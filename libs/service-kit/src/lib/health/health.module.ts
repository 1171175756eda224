import { Module, type DynamicModule } from '@nestjs/common';
import { ProbeController } from './probe.controller.ts';
import { Readiness } from './readiness.ts';

/** `GET /health/live` and `GET /health/ready`. */
@Module({})
export class HealthModule {
  static forRoot(readiness: Readiness): DynamicModule {
    return {
      module: HealthModule,
      controllers: [ProbeController],
      providers: [{ provide: Readiness, useValue: readiness }],
    };
  }
}
