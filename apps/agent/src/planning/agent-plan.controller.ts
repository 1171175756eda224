import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { inspectDestination } from '@gofd/piece-store';
import { BodyLimit, GOFD_VERSION } from '@gofd/service-kit';
import {
  AgentPlanDto,
  MAX_PLAN_PROBLEMS,
  MAX_REPLACED_NAMES,
  type AgentPlan,
} from '@gofd/task-model';
import { AgentConfig } from '../config/agent-config.schema.ts';
import { AgentTasksService } from '../tasks/agent-tasks.service.ts';

/** 10,000 names of 255 bytes, escaped. */
const MAX_PLAN_BODY_BYTES = 8 * 1024 * 1024;

/** Whether this host would take files, asked before there is a task (docs/http-api.md). Changes nothing. */
@Controller('api/v1/agent/plan')
export class AgentPlanController {
  constructor(
    private readonly config: AgentConfig,
    private readonly tasks: AgentTasksService,
  ) {}

  @Post()
  @HttpCode(200)
  @BodyLimit(MAX_PLAN_BODY_BYTES)
  async plan(@Body() { taskId, files }: AgentPlanDto): Promise<AgentPlan> {
    const { freeBytes, problems, replaces, replacedCount } = await inspectDestination({
      downdir: this.config.downdir,
      taskId,
      files,
      maxListed: MAX_REPLACED_NAMES,
    });
    const found = problems.map(({ code, message }) => ({ code, message }));
    const names = files.map(({ name }) => name);
    const all = [...this.tasks.obstaclesTo(taskId, names), ...found];
    return {
      version: GOFD_VERSION,
      ...(freeBytes !== undefined && { freeBytes }),
      problems: all.slice(0, MAX_PLAN_PROBLEMS),
      replaces,
      replacedCount,
    };
  }
}
