import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import type { AnswerName } from './answer-schemas.ts';
import type { DtoClass } from './dto-schema.ts';

export const OPERATION = Symbol('gofd.operation');

/** What the API document says of a route beside what its code says. */
export interface OperationText {
  readonly summary: string;
  /** Schema of the answer 200. */
  readonly answer?: AnswerName;
  /** Of a body that the route reads by itself. */
  readonly body?: DtoClass;
  /** @default application/json */
  readonly answerType?: string;
}

/** A sentence for the API document, and what the route answers. */
export function Describe(text: OperationText): CustomDecorator<symbol> {
  return SetMetadata(OPERATION, text);
}
