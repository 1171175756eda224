import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { AnnounceDto, type AgentRow, type AnnounceReceipt } from '@gofd/task-model';
import { Describe } from '../docs/describe.decorator.ts';
import { AgentInventory } from './agent-inventory.ts';

/** The agents that have announced themselves (docs/http-api.md, Agents). */
@Controller('api/v1/server/agents')
export class AgentsController {
  constructor(private readonly inventory: AgentInventory) {}

  @Get()
  @Describe({ summary: 'The agents that have announced themselves', answer: 'AgentList' })
  list(): { agents: AgentRow[] } {
    return { agents: this.inventory.list() };
  }

  @Post('announce')
  @HttpCode(200)
  @Describe({ summary: 'An agent says that it is there', answer: 'AnnounceReceipt' })
  announce(@Body() body: AnnounceDto): AnnounceReceipt {
    return this.inventory.announce(body, new Date());
  }
}
