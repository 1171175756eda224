/**
 * The one error of the command: an outcome (hence an exit status), a sentence that says what
 * happened, and where there is one, a hint that says what to do next.
 */
import type { ErrorBody, FieldProblem } from '@gofd/task-model';
import type { Outcome } from './exit-codes.ts';
import { hintForCode } from './hints.ts';

export interface CliErrorOptions {
  /** Stable code: of the server's answer, of the network error. */
  readonly code?: string;
  readonly hint?: string | undefined;
  readonly details?: readonly FieldProblem[];
  readonly requestId?: string;
  /** The server's answer as it came, for --json. */
  readonly answerJson?: string;
  readonly cause?: unknown;
}

export class CliError extends Error {
  readonly outcome: Outcome;
  readonly options: CliErrorOptions;

  constructor(outcome: Outcome, message: string, options: CliErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'CliError';
    this.outcome = outcome;
    this.options = options;
  }
}

export function usageError(message: string, hint?: string): CliError {
  return new CliError('usage', message, { hint });
}

/** The error for an answer of the server that is not a success. */
export function errorFromAnswer(body: ErrorBody, answerJson?: string): CliError {
  return new CliError(outcomeOfHttpStatus(body.statusCode), body.message, {
    code: body.code,
    hint: hintForCode(body.code),
    ...(body.details && { details: body.details }),
    ...(body.requestId !== undefined && { requestId: body.requestId }),
    ...(answerJson !== undefined && { answerJson }),
  });
}

function outcomeOfHttpStatus(statusCode: number): Outcome {
  if (statusCode === 401 || statusCode === 403) return 'signIn';
  return statusCode >= 400 && statusCode < 500 ? 'refused' : 'unexpected';
}
