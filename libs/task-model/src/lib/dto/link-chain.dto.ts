import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsObject,
  IsString,
  ValidateNested,
} from 'class-validator';
import { answers, Rule } from '../field-rule.ts';
import { parseAddress } from '../host-entry.ts';
import { taskIdProblem } from '../task-id.ts';
import { MAX_HOSTS_PER_TASK } from './create-task.dto.ts';

/** The order of the chain: dispatchAddrs[0] is the server's data address, then agent after agent. */
export class LinkChainDto {
  /** Data addresses, host:port. */
  @Rule('addresses', 'INVALID_LINK_CHAIN', addressesProblem)
  @IsString(answers('FIELD_TYPE', true))
  @ArrayMaxSize(MAX_HOSTS_PER_TASK + 1)
  @ArrayNotEmpty()
  @IsArray(answers('FIELD_TYPE'))
  dispatchAddrs!: string[];

  /** Management address of the server, host:port: where reports go. */
  @Rule('address', 'INVALID_LINK_CHAIN', (address) =>
    typeof address === 'string' && parseAddress(address) === undefined
      ? 'must be host:port'
      : undefined,
  )
  @IsString(answers('FIELD_TYPE'))
  serverAddr!: string;
}

/** Body of POST /api/v1/agent/tasks/start. */
export class StartTaskDto {
  @Rule('taskId', 'INVALID_TASK_ID', (id) => (typeof id === 'string' ? taskIdProblem(id) : ''))
  @IsString(answers('FIELD_TYPE'))
  taskId!: string;

  @Type(() => LinkChainDto)
  @ValidateNested()
  @IsObject(answers('FIELD_TYPE'))
  linkChain!: LinkChainDto;
}

function addressesProblem(addresses: unknown): string | undefined {
  if (!Array.isArray(addresses)) return undefined;
  const bad = addresses.findIndex(
    (address) => typeof address === 'string' && !parseAddress(address),
  );
  return bad < 0 ? undefined : `[${bad}] must be host:port`;
}
