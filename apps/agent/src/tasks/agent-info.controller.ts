import { Controller, Get, Inject } from '@nestjs/common';
import type { AgentInfo } from '@gofd/task-model';
import { AGENT_INFO } from './agent-info.ts';

/** What a server asks before it hands out a task. */
@Controller('api/v1/agent')
export class AgentInfoController {
  constructor(@Inject(AGENT_INFO) private readonly info: AgentInfo) {}

  @Get()
  read(): AgentInfo {
    return this.info;
  }
}
