import { Type } from 'class-transformer';
import { IsInt, IsNumber, IsString, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { answers, MayBeAbsent, Rule } from '../field-rule.ts';
import { HostMeasuresDto } from './host-measures.dto.ts';

/** percentComplete of a host that failed. */
export const PERCENT_FAILED = -1;
/** percentComplete of a host whose files are verified, flushed and in place. */
export const PERCENT_DONE = 100;

/** An HMAC-SHA256 in base64 has 44. */
export const MAX_REPORT_TOKEN_CHARS = 64;

/** Longest sentence with a failure. */
export const MAX_REPORT_MESSAGE_CHARS = 2_000;

/**
 * Body of POST /api/v1/server/tasks/status. The reference sends `IP`; key names of this body are
 * matched without regard to case before they get here. Ours adds the optional fields.
 */
export class StatusReportDto {
  @IsString(answers('FIELD_TYPE'))
  taskId!: string;

  /** The name by which the task knows the reporting host: an entry of destIPs, or its address. */
  @IsString(answers('FIELD_TYPE'))
  ip!: string;

  /** 0..100, or -1 = failed; 100 = done. */
  @Rule('percent', 'FIELD_RANGE', (percent) =>
    typeof percent === 'number' && percent > PERCENT_FAILED && percent < 0
      ? `must be ${PERCENT_FAILED} or from 0 to ${PERCENT_DONE}`
      : undefined,
  )
  @Max(PERCENT_DONE)
  @Min(PERCENT_FAILED)
  @IsNumber({ allowInfinity: false, allowNaN: false }, answers('FIELD_TYPE'))
  percentComplete!: number;

  /** The attempt the report belongs to, from the create call. */
  @Min(1)
  @IsInt(answers('FIELD_TYPE'))
  @MayBeAbsent()
  attempt?: number;

  /** Grows with each report of one agent and attempt. */
  @Min(1)
  @IsInt(answers('FIELD_TYPE'))
  @MayBeAbsent()
  sequence?: number;

  /** `reportToken` of the create call. */
  @MaxLength(MAX_REPORT_TOKEN_CHARS)
  @IsString(answers('FIELD_TYPE'))
  @MayBeAbsent()
  token?: string;

  /** With percentComplete -1: the failure code. */
  @MaxLength(64)
  @IsString(answers('FIELD_TYPE'))
  @MayBeAbsent()
  code?: string;

  /** With percentComplete -1: the sentence for people. */
  @MaxLength(MAX_REPORT_MESSAGE_CHARS)
  @IsString(answers('FIELD_TYPE'))
  @MayBeAbsent()
  message?: string;

  /** What the host measured of its transfer. */
  @Type(() => HostMeasuresDto)
  @ValidateNested()
  @Rule('section', 'FIELD_TYPE', (value) => (isSection(value) ? undefined : 'must be an object'))
  @MayBeAbsent()
  measures?: HostMeasuresDto;
}

function isSection(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
