import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBase64,
  IsInt,
  IsNotEmpty,
  IsObject,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { answers, MayBeAbsent, Rule } from '../field-rule.ts';
import { taskIdProblem } from '../task-id.ts';
import { MAX_REPORT_TOKEN_CHARS } from './status-report.dto.ts';
import { LinkChainDto, PullPlanDto } from './link-chain.dto.ts';

/** Smallest and largest piece that a task may use, in bytes. */
export const MIN_PIECE_BYTES = 32 * 1024;
export const MAX_PIECE_BYTES = 16 * 1024 * 1024;
export const MAX_FILES_IN_META = 10_000;

/** One file of a task; `name` is where it lands in downdir. `sum` and `path` carry no meaning. */
export class MetaFileDto {
  @Max(Number.MAX_SAFE_INTEGER)
  @Min(0)
  @IsInt(answers('FIELD_TYPE'))
  length!: number;

  @IsString(answers('FIELD_TYPE'))
  @MayBeAbsent()
  path?: string;

  @IsString(answers('FIELD_TYPE'))
  name!: string;

  @IsString(answers('FIELD_TYPE'))
  @MayBeAbsent()
  sum?: string;
}

/** What the pieces are: the files joined in order and cut every PieceLen bytes. */
export class MetaInfoDto {
  /** Sum of the file lengths, bytes. */
  @Max(Number.MAX_SAFE_INTEGER)
  @Min(0)
  @IsInt(answers('FIELD_TYPE'))
  length!: number;

  /** Piece length in bytes; the capital P is the reference's. */
  @Max(MAX_PIECE_BYTES)
  @Min(MIN_PIECE_BYTES)
  @IsInt(answers('FIELD_TYPE'))
  PieceLen!: number;

  /** base64 of 20 SHA-1 bytes a piece. */
  @IsBase64(undefined, answers('INVALID_META_INFO'))
  @IsString(answers('FIELD_TYPE'))
  pieces!: string;

  @Rule('noLists', 'FIELD_TYPE', nestedListProblem)
  @Type(() => MetaFileDto)
  @ValidateNested({ each: true })
  @ArrayMaxSize(MAX_FILES_IN_META)
  @ArrayNotEmpty()
  @IsArray(answers('FIELD_TYPE'))
  files!: MetaFileDto[];
}

/** Length of the secret that a task's peers prove to each other, bytes. */
export const TASK_KEY_BYTES = 32;
/** Length of a manifest's BLAKE3 digest, bytes. */
export const MANIFEST_DIGEST_BYTES = 32;
export const MAX_MANIFEST_BYTES = 64 * 1024 * 1024;
/** A manifest up to this long travels in the create call itself; a longer one through the swarm. */
export const MAX_INLINE_MANIFEST_BYTES = 2 * 1024;

/** Which manifest a v2 task has; its bytes come with the call when they are few, or from peers. */
export class ManifestRefDto {
  /** base64 of the manifest's BLAKE3 digest. */
  @Rule('digest', 'INVALID_META_INFO', (digest) => base64Problem(digest, MANIFEST_DIGEST_BYTES))
  @IsString(answers('FIELD_TYPE'))
  digest!: string;

  @Max(MAX_MANIFEST_BYTES)
  @Min(1)
  @IsInt(answers('FIELD_TYPE'))
  bytes!: number;

  /** base64 of the manifest itself. */
  @MaxLength(Math.ceil((MAX_INLINE_MANIFEST_BYTES * 4) / 3) + 4)
  @IsBase64(undefined, answers('INVALID_META_INFO'))
  @IsString(answers('FIELD_TYPE'))
  @MayBeAbsent()
  content?: string;
}

/**
 * Body of POST /api/v1/agent/tasks. A v1 task has `metaInfo`, as the reference sends it; a v2 task has
 * `manifest` and `key` instead. `host` and `attempt` are ours; the reference ignores them.
 */
export class DispatchTaskDto {
  @Rule('taskId', 'INVALID_TASK_ID', (id) => (typeof id === 'string' ? taskIdProblem(id) : ''))
  @IsString(answers('FIELD_TYPE'))
  taskId!: string;

  @Type(() => MetaInfoDto)
  @ValidateNested()
  @IsObject(answers('FIELD_TYPE'))
  @ValidateIf((task: DispatchTaskDto) => task.metaInfo !== undefined || task.manifest === undefined)
  metaInfo?: MetaInfoDto;

  @Type(() => ManifestRefDto)
  @ValidateNested()
  @IsObject(answers('FIELD_TYPE'))
  @MayBeAbsent()
  manifest?: ManifestRefDto;

  /** base64 of the task's secret; never logged. */
  @Rule('key', 'FIELD_RANGE', (key) => base64Problem(key, TASK_KEY_BYTES))
  @IsString(answers('FIELD_TYPE'))
  @ValidateIf((task: DispatchTaskDto) => task.manifest !== undefined || task.key !== undefined)
  key?: string;

  @Type(() => LinkChainDto)
  @ValidateNested()
  @IsObject(answers('FIELD_TYPE'))
  linkChain!: LinkChainDto;

  /** Whom an agent of a v2 task pulls from, where that is known already: then no start call comes. */
  @Type(() => PullPlanDto)
  @ValidateNested()
  @IsObject(answers('FIELD_TYPE'))
  @MayBeAbsent()
  plan?: PullPlanDto;

  /** Upload limit of the receiving process, bytes a second. */
  @Max(Number.MAX_SAFE_INTEGER)
  @Min(1)
  @IsInt(answers('FIELD_TYPE'))
  speed!: number;

  /** The name by which the task knows this agent; its reports carry it back. */
  @MaxLength(300)
  @IsNotEmpty()
  @IsString(answers('FIELD_TYPE'))
  @MayBeAbsent()
  host?: string;

  @Min(1)
  @IsInt(answers('FIELD_TYPE'))
  @MayBeAbsent()
  attempt?: number;

  /** Shown with every report of this host and attempt; never logged. */
  @MaxLength(MAX_REPORT_TOKEN_CHARS)
  @IsNotEmpty()
  @IsString(answers('FIELD_TYPE'))
  @MayBeAbsent()
  reportToken?: string;
}

/** Nested validation looks into a list within a list, and finds nothing wrong with an empty one. */
function nestedListProblem(files: unknown): string | undefined {
  const bad = Array.isArray(files) ? files.findIndex((file) => Array.isArray(file)) : -1;
  return bad < 0 ? undefined : `[${bad}] must be an object`;
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

function base64Problem(value: unknown, byteCount: number): string | undefined {
  if (typeof value !== 'string') return undefined;
  const characters = 4 * Math.ceil(byteCount / 3);
  const padding = (3 - (byteCount % 3)) % 3;
  const isRight =
    BASE64.test(value) &&
    value.length === characters &&
    value.length - value.replaceAll('=', '').length === padding;
  return isRight ? undefined : `must be base64 of ${byteCount} bytes`;
}
