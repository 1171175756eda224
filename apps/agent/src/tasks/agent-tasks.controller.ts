import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
} from '@nestjs/common';
import { BodyLimit, GOFD_VERSION } from '@gofd/service-kit';
import {
  DispatchTaskDto,
  RequestError,
  StartTaskDto,
  type AgentAnswer,
  type AgentTaskView,
} from '@gofd/task-model';
import { AgentTasksService } from './agent-tasks.service.ts';
import { DATA_PORT } from './data-port.ts';

/** Wire versions that this program speaks, lowest first. */
const WIRE_VERSIONS: readonly number[] = [1];

/** Hashes of a task of some 2 TiB in pieces of 1 MiB. */
const MAX_CREATE_BODY_BYTES = 64 * 1024 * 1024;

/** The agent's side of the dispatch protocol (docs/protocol.md, REST). */
@Controller('api/v1/agent/tasks')
export class AgentTasksController {
  constructor(
    private readonly tasks: AgentTasksService,
    @Inject(DATA_PORT) private readonly dataPort: number,
  ) {}

  @Post()
  @HttpCode(200)
  @BodyLimit(MAX_CREATE_BODY_BYTES)
  async create(@Body() body: DispatchTaskDto): Promise<AgentAnswer> {
    await this.tasks.create(body);
    return this.answer(body.taskId);
  }

  @Post('start')
  @HttpCode(200)
  async start(@Body() body: StartTaskDto): Promise<AgentAnswer> {
    await this.tasks.start(body.taskId, body.linkChain.dispatchAddrs);
    return this.answer(body.taskId);
  }

  @Get(':id')
  view(@Param('id') taskId: string): AgentTaskView {
    return this.tasks.view(taskId);
  }

  @Delete(':id')
  async delete(
    @Param('id') taskId: string,
    @Query('attempt') attempt?: unknown,
  ): Promise<{ taskId: string; wasKnown: boolean }> {
    return { taskId, wasKnown: await this.tasks.delete(taskId, readAttempt(attempt)) };
  }

  private answer(taskId: string): AgentAnswer {
    return {
      taskId,
      version: GOFD_VERSION,
      wireVersions: WIRE_VERSIONS,
      dataPort: this.dataPort,
    };
  }
}

/** Which attempt is to end; without one, as from the reference, whichever runs. */
function readAttempt(given: unknown): number | undefined {
  if (given === undefined) return undefined;
  const attempt = Number(given);
  if (typeof given === 'string' && Number.isSafeInteger(attempt) && attempt > 0) return attempt;
  const message = 'attempt must be a whole number, 1 or more';
  throw new RequestError('FIELD_RANGE', message, [
    { field: 'attempt', code: 'FIELD_RANGE', message },
  ]);
}
