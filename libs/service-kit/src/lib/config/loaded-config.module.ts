import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';

const CONFIG_KEY = 'gofd';

/** Provides a service's loaded configuration everywhere, under its own class as the token. */
@Module({})
export class LoadedConfigModule {
  static forRoot<T extends object>(token: Type<T>, config: T): DynamicModule {
    return {
      module: LoadedConfigModule,
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
          provide: token,
          inject: [ConfigService],
          useFactory: (service: ConfigService) => service.getOrThrow<T>(CONFIG_KEY),
        },
      ],
      exports: [token],
    };
  }
}
