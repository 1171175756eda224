import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Module,
  Param,
  Post,
  type INestApplication,
} from '@nestjs/common';
import { IsInt, IsOptional, IsString } from 'class-validator';
import { RequestError } from '@gofd/task-model';
import { BodyLimit } from '../src/lib/http/body-limit.decorator.ts';
import { createHttpApp, type HttpAppOptions } from '../src/lib/http/create-http-app.ts';
import { listen } from '../src/lib/http/listen.ts';
import { Public } from '../src/lib/http/public.decorator.ts';
import { aCapturedLog } from './captured-log.ts';

export const CREDENTIALS = { username: 'gofd', password: 'päss:word' };
export const SMALL_LIMIT_BYTES = 32;

class ThingDto {
  @IsString()
  id!: string;

  @IsInt()
  @IsOptional()
  count?: number;
}

@Controller('things')
class ThingsController {
  @Get('health')
  @Public()
  health() {
    return { status: 'ok' };
  }

  @Get(':id')
  get(@Param('id') id: string) {
    if (id === 'broken') throw new Error('the database said: secret detail');
    if (id === 'missing') throw new RequestError('TASK_NOT_EXISTED', 'no such thing');
    return { id };
  }

  @Post()
  @HttpCode(200)
  create(@Body() body: ThingDto) {
    return body;
  }

  @Post('small')
  @HttpCode(200)
  @BodyLimit(SMALL_LIMIT_BYTES)
  small(@Body() body: ThingDto) {
    return body;
  }

  @Delete(':id')
  delete(@Param('id') id: string) {
    return { id };
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

export interface SampleApp {
  readonly app: INestApplication;
  readonly port: number;
  readonly lines: string[];
}

/** A small application with every manner of the real ones, on a free port of 127.0.0.1. */
export async function startSampleApp(options: Partial<HttpAppOptions> = {}): Promise<SampleApp> {
  const { logger, lines } = aCapturedLog();
  const app = await createHttpApp(ThingsModule, { credentials: CREDENTIALS, logger, ...options });
  return { app, port: await listen(app, '127.0.0.1', 0), lines };
}
