import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsNumber,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { answers, MayBeAbsent } from '../field-rule.ts';
import { MAX_REPORTED_BAD_PEERS, MAX_REPORTED_SOURCES, type HostMeasures } from '../host-row.ts';

const MAX_ADDRESS_CHARS = 300;

export class SourceShareDto {
  @MaxLength(MAX_ADDRESS_CHARS)
  @IsString(answers('FIELD_TYPE'))
  address!: string;

  @Max(Number.MAX_SAFE_INTEGER)
  @Min(0)
  @IsInt(answers('FIELD_TYPE'))
  bytes!: number;
}

export class BadPiecesDto {
  @MaxLength(MAX_ADDRESS_CHARS)
  @IsString(answers('FIELD_TYPE'))
  address!: string;

  @Max(Number.MAX_SAFE_INTEGER)
  @Min(1)
  @IsInt(answers('FIELD_TYPE'))
  pieces!: number;
}

/** `measures` of a report: what the host measured of its own transfer. */
export class HostMeasuresDto implements HostMeasures {
  @Max(Number.MAX_SAFE_INTEGER)
  @Min(0)
  @IsInt(answers('FIELD_TYPE'))
  @MayBeAbsent()
  bytesPerSecond?: number;

  @Type(() => SourceShareDto)
  @ValidateNested({ each: true })
  @ArrayMaxSize(MAX_REPORTED_SOURCES)
  @IsArray(answers('FIELD_TYPE'))
  @MayBeAbsent()
  sources?: SourceShareDto[];

  @Max(1)
  @Min(0)
  @IsNumber({}, answers('FIELD_TYPE'))
  @MayBeAbsent()
  diskWaitShare?: number;

  @Max(Number.MAX_SAFE_INTEGER)
  @Min(1)
  @IsInt(answers('FIELD_TYPE'))
  @MayBeAbsent()
  downloadLimitBytesPerSecond?: number;

  @Max(Number.MAX_SAFE_INTEGER)
  @Min(0)
  @IsInt(answers('FIELD_TYPE'))
  @MayBeAbsent()
  retries?: number;

  @Type(() => BadPiecesDto)
  @ValidateNested({ each: true })
  @ArrayMaxSize(MAX_REPORTED_BAD_PEERS)
  @IsArray(answers('FIELD_TYPE'))
  @MayBeAbsent()
  badPieces?: BadPiecesDto[];
}
