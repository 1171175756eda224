import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { BodyLimit, createRequestValidationPipe } from '@gofd/service-kit';
import { ChangeTaskDto, CreateTaskDto, type TaskSummary, type TaskView } from '@gofd/task-model';
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
  create(@Body() body: CreateTaskDto): TaskView {
    return this.tasks.create(body);
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

  @Patch(':id')
  change(@Param('id') id: string, @Body() body: ChangeTaskDto): Promise<TaskView> {
    return this.tasks.setSpeed(id, body.speed);
  }

  @Delete(':id')
  cancel(@Param('id') id: string): TaskView {
    return this.tasks.cancel(id);
  }
}
