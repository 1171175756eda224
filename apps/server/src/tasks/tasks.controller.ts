import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { BodyLimit, NoBody, createRequestValidationPipe } from '@gofd/service-kit';
import { ChangeTaskDto, CreateTaskDto, type TaskSummary, type TaskView } from '@gofd/task-model';
import { Caller } from '../audit/caller.decorator.ts';
import { readReport } from '../reports/read-report.ts';
import { TasksService, type ReportReceipt } from './tasks.service.ts';

/** 10,000 hosts and 10,000 files with paths of some 350 characters. */
export const MAX_CREATE_BODY_BYTES = 4 * 1024 * 1024;

/** The server's REST interface (docs/http-api.md). */
@Controller('api/v1/server/tasks')
export class TasksController {
  private readonly reportPipe = createRequestValidationPipe();

  constructor(private readonly tasks: TasksService) {}

  @Post()
  @HttpCode(200)
  @BodyLimit(MAX_CREATE_BODY_BYTES)
  create(@Body() body: CreateTaskDto, @Caller() caller: string): Promise<TaskView> {
    return this.tasks.create(body, caller);
  }

  @Post('status')
  @HttpCode(200)
  async report(@Body() body: Record<string, unknown>): Promise<ReportReceipt> {
    return this.tasks.report(await readReport(body, this.reportPipe));
  }

  @Get()
  list(): { tasks: TaskSummary[] } {
    return { tasks: this.tasks.list() };
  }

  @Get(':id')
  view(@Param('id') id: string): TaskView {
    return this.tasks.view(id);
  }

  @Post(':id/retry')
  @HttpCode(200)
  @NoBody()
  retry(@Param('id') id: string, @Caller() caller: string): TaskView {
    return this.tasks.retry(id, caller);
  }

  @Patch(':id')
  change(
    @Param('id') id: string,
    @Body() body: ChangeTaskDto,
    @Caller() caller: string,
  ): Promise<TaskView> {
    return this.tasks.setSpeed(id, body.speed, caller);
  }

  @Delete(':id')
  cancel(@Param('id') id: string, @Caller() caller: string): TaskView {
    return this.tasks.cancel(id, caller);
  }
}
