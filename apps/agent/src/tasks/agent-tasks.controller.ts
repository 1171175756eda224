import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  Query,
} from '@nestjs/common';
import { BodyLimit } from '@gofd/service-kit';
import {
  ChangeAgentTaskDto,
  DispatchTaskDto,
  RequestError,
  StartTaskDto,
  type AgentAnswer,
  type AgentInfo,
  type AgentTaskView,
} from '@gofd/task-model';
import { AgentTasksService } from './agent-tasks.service.ts';
import { AGENT_INFO } from './agent-info.ts';

/** Hashes of a task of some 2 TiB in pieces of 1 MiB. */
const MAX_CREATE_BODY_BYTES = 64 * 1024 * 1024;

/** The agent's side of the dispatch protocol (docs/protocol.md, REST). */
@Controller('api/v1/agent/tasks')
export class AgentTasksController {
  constructor(
    private readonly tasks: AgentTasksService,
    @Inject(AGENT_INFO) private readonly info: AgentInfo,
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
    await this.tasks.start(body);
    return this.answer(body.taskId);
  }

  @Get(':id')
  view(@Param('id') taskId: string): AgentTaskView {
    return this.tasks.view(taskId);
  }

  @Patch(':id')
  async change(
    @Param('id') taskId: string,
    @Body() { speed }: ChangeAgentTaskDto,
  ): Promise<AgentAnswer> {
    await this.tasks.setSpeed(taskId, speed);
    return this.answer(taskId);
  }

  @Delete(':id')
  async delete(
    @Param('id') taskId: string,
    @Query('attempt') attempt?: unknown,
  ): Promise<{ taskId: string; wasKnown: boolean }> {
    return { taskId, wasKnown: await this.tasks.delete(taskId, readAttempt(attempt)) };
  }

  private answer(taskId: string): AgentAnswer {
    const { version, wireVersions, dataPort } = this.info;
    return { taskId, version, wireVersions, dataPort };
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
