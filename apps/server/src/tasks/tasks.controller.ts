import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { BodyLimit, NoBody, createRequestValidationPipe } from '@gofd/service-kit';
import {
  ChangeTaskDto,
  CreateTaskDto,
  ListHostsQueryDto,
  ListTasksQueryDto,
  StatusReportDto,
  type HostPage,
  type TaskSummary,
  type TaskView,
} from '@gofd/task-model';
import { Caller } from '../audit/caller.decorator.ts';
import { Describe } from '../docs/describe.decorator.ts';
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
  @Describe({ summary: 'Take a task, or find the same one again', answer: 'TaskView' })
  create(@Body() body: CreateTaskDto, @Caller() caller: string): Promise<TaskView> {
    return this.tasks.create(body, caller);
  }

  @Post('status')
  @HttpCode(200)
  @Describe({
    summary: 'What an agent reports of its part of a task',
    body: StatusReportDto,
    answer: 'ReportReceipt',
  })
  async report(@Body() body: Record<string, unknown>): Promise<ReportReceipt> {
    return this.tasks.report(await readReport(body, this.reportPipe));
  }

  @Get()
  @Describe({ summary: 'The tasks, the newest first', answer: 'TaskList' })
  list(@Query() query: ListTasksQueryDto): { tasks: TaskSummary[]; next?: string } {
    return this.tasks.list(query);
  }

  @Get(':id')
  @Describe({ summary: 'A task with all its hosts', answer: 'TaskView' })
  view(@Param('id') id: string): TaskView {
    return this.tasks.view(id);
  }

  @Get(':id/hosts')
  @Describe({ summary: 'The hosts of a task, page by page', answer: 'HostPage' })
  hosts(@Param('id') id: string, @Query() query: ListHostsQueryDto): HostPage {
    return this.tasks.hosts(id, query);
  }

  @Post(':id/retry')
  @HttpCode(200)
  @NoBody()
  @Describe({ summary: 'A new attempt for the hosts without the files', answer: 'TaskView' })
  retry(@Param('id') id: string, @Caller() caller: string): TaskView {
    return this.tasks.retry(id, caller);
  }

  @Patch(':id')
  @Describe({ summary: 'Change the upload limit of a task', answer: 'TaskView' })
  change(
    @Param('id') id: string,
    @Body() body: ChangeTaskDto,
    @Caller() caller: string,
  ): Promise<TaskView> {
    return this.tasks.setSpeed(id, body.speed, caller);
  }

  @Delete(':id')
  @Describe({ summary: 'Cancel a task', answer: 'TaskView' })
  cancel(@Param('id') id: string, @Caller() caller: string): TaskView {
    return this.tasks.cancel(id, caller);
  }
}
