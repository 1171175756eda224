import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsInt,
  IsNotEmpty,
  IsObject,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { answers, MayBeAbsent, Rule } from '../field-rule.ts';
import { parseAddress } from '../host-entry.ts';
import { taskIdProblem } from '../task-id.ts';
import { MAX_HOSTS_PER_TASK } from './create-task.dto.ts';

/** More sources than any planner gives to one agent. */
export const MAX_PLAN_SOURCES = 256;
export const MAX_RACK_NAME_CHARS = 100;

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
  @Rule('address', 'INVALID_LINK_CHAIN', addressProblem)
  @IsString(answers('FIELD_TYPE'))
  serverAddr!: string;
}

/** Hosts of one rack, in one order for all of them, so that all agree who fetches what across its border. */
export class RackDto {
  @MaxLength(MAX_RACK_NAME_CHARS)
  @IsNotEmpty()
  @IsString(answers('FIELD_TYPE'))
  name!: string;

  /** Data addresses, this agent's own among them. */
  @Rule('addresses', 'INVALID_LINK_CHAIN', addressesProblem)
  @IsString(answers('FIELD_TYPE', true))
  @ArrayMaxSize(MAX_HOSTS_PER_TASK)
  @IsArray(answers('FIELD_TYPE'))
  members!: string[];
}

/** Whom an agent of a v2 task pulls from. */
export class PullPlanDto {
  /** Data addresses in the order to try: the first `degree` at once, the others when one is lost. */
  @Rule('addresses', 'INVALID_LINK_CHAIN', addressesProblem)
  @IsString(answers('FIELD_TYPE', true))
  @ArrayMaxSize(MAX_PLAN_SOURCES)
  @IsArray(answers('FIELD_TYPE'))
  sources!: string[];

  @Max(MAX_PLAN_SOURCES)
  @Min(0)
  @IsInt(answers('FIELD_TYPE'))
  degree!: number;

  /** The server's data address, where it shows each piece to one agent and stays connected beside. */
  @Rule('address', 'INVALID_LINK_CHAIN', addressProblem)
  @IsString(answers('FIELD_TYPE'))
  @MayBeAbsent()
  origin?: string;

  @Type(() => RackDto)
  @ValidateNested()
  @IsObject(answers('FIELD_TYPE'))
  @MayBeAbsent()
  rack?: RackDto;
}

/** Body of POST /api/v1/agent/tasks/start. A v2 task has a plan as well. */
export class StartTaskDto {
  @Rule('taskId', 'INVALID_TASK_ID', (id) => (typeof id === 'string' ? taskIdProblem(id) : ''))
  @IsString(answers('FIELD_TYPE'))
  taskId!: string;

  @Type(() => LinkChainDto)
  @ValidateNested()
  @IsObject(answers('FIELD_TYPE'))
  linkChain!: LinkChainDto;

  @Type(() => PullPlanDto)
  @ValidateNested()
  @IsObject(answers('FIELD_TYPE'))
  @MayBeAbsent()
  plan?: PullPlanDto;
}

function addressProblem(address: unknown): string | undefined {
  if (typeof address !== 'string' || parseAddress(address)) return undefined;
  return 'must be host:port';
}

function addressesProblem(addresses: unknown): string | undefined {
  if (!Array.isArray(addresses)) return undefined;
  const bad = addresses.findIndex(
    (address) => typeof address === 'string' && !parseAddress(address),
  );
  return bad < 0 ? undefined : `[${bad}] must be host:port`;
}
