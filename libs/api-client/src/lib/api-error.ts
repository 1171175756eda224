import type { ErrorBody, FieldProblem } from '@gofd/task-model';

/** A call that was refused, or that brought no answer of a GoFD server. Compare `code`. */
export class ApiError extends Error {
  /** Of the answer; 0 when there was none. */
  readonly statusCode: number;
  /** The server's own code, `UNREACHABLE` or `NOT_GOFD`. */
  readonly code: string;
  /** The fields that are to blame. */
  readonly details: readonly FieldProblem[];
  readonly requestId: string | undefined;
  /** The refusal as it came; undefined where there was none of ours. */
  readonly answerText: string | undefined;

  constructor(body: ErrorBody, options?: ErrorOptions & { readonly answerText?: string }) {
    super(body.message, options);
    this.name = 'ApiError';
    this.statusCode = body.statusCode;
    this.code = body.code;
    this.details = body.details ?? [];
    this.requestId = body.requestId;
    this.answerText = options?.answerText;
  }

  static unreachable(cause: unknown): ApiError {
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `the server cannot be reached: ${why}`;
    return new ApiError({ statusCode: 0, code: 'UNREACHABLE', message }, { cause });
  }

  /** @param text the body of an answer whose status is no success */
  static fromAnswer(statusCode: number, text: string): ApiError {
    const body = parseObject(text);
    if (typeof body?.['code'] === 'string' && typeof body['message'] === 'string') {
      return new ApiError({ ...(body as unknown as ErrorBody), statusCode }, { answerText: text });
    }
    const message = `answered ${statusCode}, and not as a GoFD server does`;
    return new ApiError({ statusCode, code: 'NOT_GOFD', message });
  }

  /** The same call again may succeed: nobody answered, or the server was in trouble. */
  get isPassing(): boolean {
    const { statusCode } = this;
    return statusCode === 0 || statusCode === 408 || statusCode === 429 || statusCode >= 500;
  }
}

/** Undefined when it is no JSON object. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
