import { Module, type DynamicModule } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { ServerConfig } from './server-config.schema.ts';

const CONFIG_KEY = 'gofd';

/** Provides the loaded configuration under the token ServerConfig. */
@Module({})
export class ServerConfigModule {
  static forRoot(config: ServerConfig): DynamicModule {
    return {
      module: ServerConfigModule,
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
          provide: ServerConfig,
          inject: [ConfigService],
          useFactory: (service: ConfigService) => service.getOrThrow<ServerConfig>(CONFIG_KEY),
        },
      ],
      exports: [ServerConfig],
    };
  }
}
