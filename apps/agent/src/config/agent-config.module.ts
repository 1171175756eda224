import { Module, type DynamicModule } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { AgentConfig } from './agent-config.schema.ts';

const CONFIG_KEY = 'gofd';

/** Provides the loaded configuration under the token AgentConfig. */
@Module({})
export class AgentConfigModule {
  static forRoot(config: AgentConfig): DynamicModule {
    return {
      module: AgentConfigModule,
      global: true,
      imports: [
        ConfigModule.forRoot({
          load: [() => ({ [CONFIG_KEY]: config })],
          ignoreEnvFile: true,
          ignoreEnvVars: true,
        }),
      ],
      providers: [
        {
          provide: AgentConfig,
          inject: [ConfigService],
          useFactory: (service: ConfigService) => service.getOrThrow<AgentConfig>(CONFIG_KEY),
        },
      ],
      exports: [AgentConfig],
    };
  }
}
