import type { IncomingMessage, ServerResponse } from 'node:http';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { Describe } from '../docs/describe.decorator.ts';
import { TasksService } from '../tasks/tasks.service.ts';
import { LiveStreams } from './live-streams.ts';
import { TaskListStream } from './task-list-stream.ts';
import { TaskStream } from './task-stream.ts';

/** Server-sent events (docs/http-api.md, Events). */
@Controller('api/v1/server')
export class EventsController {
  constructor(
    private readonly tasks: TasksService,
    private readonly streams: LiveStreams,
  ) {}

  @Get('tasks/:id/events')
  @Describe({
    summary: 'What happens to a task, as server-sent events',
    answer: 'EventStream',
    answerType: 'text/event-stream',
  })
  task(
    @Param('id') id: string,
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
  ): void {
    this.tasks.assertThere(id);
    this.streams.open(request, response, {
      create: (sink) => new TaskStream(() => this.tasks.follow(id), sink),
      changed: (stream, taskId, position) => {
        if (taskId === id) stream.changed(position);
      },
      quiet: (stream) => stream.lookAtSilent(),
    });
  }

  @Get('events')
  @Describe({
    summary: 'Every task that changes, as server-sent events',
    answer: 'EventStream',
    answerType: 'text/event-stream',
  })
  list(@Req() request: IncomingMessage, @Res() response: ServerResponse): void {
    this.streams.open(request, response, {
      create: (sink) => new TaskListStream(this.tasks.followList(), sink),
      changed: (stream, taskId) => stream.changed(taskId),
    });
  }
}
