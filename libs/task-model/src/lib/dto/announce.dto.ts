import { IsInt, IsString, Max, MaxLength, Min } from 'class-validator';
import { labelsProblem } from '../agent-labels.ts';
import { answers, MayBeAbsent, Rule } from '../field-rule.ts';
import { parseAddress, parseHostEntry } from '../host-entry.ts';
import { MAX_RACK_NAME_CHARS } from './link-chain.dto.ts';

const MAX_AGENT_NAME_CHARS = 64;
const MAX_VERSION_CHARS = 64;
const MAX_PORT = 65_535;

/** Body of POST /api/v1/server/agents/announce. */
export class AnnounceDto {
  @MaxLength(MAX_AGENT_NAME_CHARS)
  @IsString(answers('FIELD_TYPE'))
  name!: string;

  /** Management address, host:port, as the server reaches it. */
  @Rule('address', 'INVALID_HOST', addressProblem)
  @IsString(answers('FIELD_TYPE'))
  address!: string;

  @Max(MAX_PORT)
  @Min(1)
  @IsInt(answers('FIELD_TYPE'))
  dataPort!: number;

  @MaxLength(MAX_VERSION_CHARS)
  @IsString(answers('FIELD_TYPE'))
  version!: string;

  /** Free bytes of the disk that files land on. */
  @Max(Number.MAX_SAFE_INTEGER)
  @Min(0)
  @IsInt(answers('FIELD_TYPE'))
  freeBytes!: number;

  @MaxLength(MAX_RACK_NAME_CHARS)
  @IsString(answers('FIELD_TYPE'))
  @MayBeAbsent()
  zone?: string;

  @Rule('labels', 'FIELD_RANGE', labelsProblem)
  @MayBeAbsent()
  labels?: Record<string, string>;
}

function addressProblem(address: unknown): string | undefined {
  if (typeof address !== 'string') return undefined;
  const entry = parseHostEntry(address);
  if ('problem' in entry) return entry.problem;
  return parseAddress(address) ? undefined : 'must be host:port';
}
