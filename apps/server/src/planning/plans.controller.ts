import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { BodyLimit } from '@gofd/service-kit';
import { CheckHostQueryDto, CreateTaskDto, type HostCheck, type PlanView } from '@gofd/task-model';
import { Describe } from '../docs/describe.decorator.ts';
import { MAX_CREATE_BODY_BYTES } from '../tasks/tasks.controller.ts';
import { PlansService } from './plans.service.ts';

/** Questions beforehand (docs/http-api.md, Plan): nothing is created or changed by them. */
@Controller('api/v1/server')
export class PlansController {
  constructor(private readonly plans: PlansService) {}

  @Post('tasks/plan')
  @HttpCode(200)
  @BodyLimit(MAX_CREATE_BODY_BYTES)
  @Describe({ summary: 'What a create call would meet; nothing is created', answer: 'PlanView' })
  plan(@Body() body: CreateTaskDto): Promise<PlanView> {
    return this.plans.plan(body);
  }

  @Get('agents/check')
  @Describe({ summary: 'What is known of one host, and what it says now', answer: 'HostCheck' })
  check(@Query() { host }: CheckHostQueryDto): Promise<HostCheck> {
    return this.plans.check(host);
  }
}
