/**
 * Every code that the REST interfaces answer with or that a task or host ends with: one cause, one
 * code, stable for ever (docs/http-api.md lists them). Compare `code`, never the sentence.
 */

/** Codes of refused requests, with the HTTP status that carries each. */
export const REQUEST_ERROR_STATUS = {
  BAD_REQUEST: 400,
  BAD_JSON: 400,
  BODY_NOT_OBJECT: 400,
  DUPLICATE_KEY: 400,
  FIELD_MISSING: 400,
  FIELD_NULL: 400,
  FIELD_TYPE: 400,
  FIELD_EMPTY: 400,
  FIELD_UNKNOWN: 400,
  FIELD_RANGE: 400,
  INVALID_TASK_ID: 400,
  INVALID_HOST: 400,
  DUPLICATE_HOST: 400,
  SOURCE_NOT_ABSOLUTE: 400,
  UNSAFE_PATH: 400,
  INVALID_META_INFO: 400,
  INVALID_LINK_CHAIN: 400,
  INVALID_CURSOR: 400,
  DEST_GROUP_EMPTY: 400,
  UNAUTHORIZED: 401,
  SOURCE_FORBIDDEN: 403,
  DEST_FORBIDDEN: 403,
  REPORT_FORBIDDEN: 403,
  ORIGIN_FORBIDDEN: 403,
  ROUTE_NOT_FOUND: 404,
  TASK_NOT_EXISTED: 404,
  HOST_NOT_IN_TASK: 404,
  METHOD_NOT_ALLOWED: 405,
  REQUEST_TIMEOUT: 408,
  DUPLICATE_FILE_NAME: 409,
  TASK_EXISTED: 409,
  STALE_REPORT: 409,
  TASK_OVER: 409,
  TASK_NOT_OVER: 409,
  NOTHING_TO_RETRY: 409,
  DEST_BUSY: 409,
  DEST_NOT_REGULAR: 409,
  BODY_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  TOO_MANY_TASKS: 429,
  TOO_MANY_FAILURES: 429,
  TOO_MANY_STREAMS: 429,
  TOO_MANY_AGENTS: 429,
  TOO_MANY_PLANS: 429,
  HEADERS_TOO_LARGE: 431,
  INTERNAL: 500,
  DEST_UNWRITABLE: 500,
  IO_ERROR: 500,
  STATE_UNAVAILABLE: 503,
  NO_SPACE: 507,
} as const;
export type RequestErrorCode = keyof typeof REQUEST_ERROR_STATUS;

/** Codes with which a host, or a whole task, fails. */
export const FAILURE_CODES = [
  'SOURCE_FORBIDDEN',
  'SOURCE_NOT_FOUND',
  'SOURCE_NOT_REGULAR',
  'SOURCE_UNREADABLE',
  'SOURCE_CHANGED',
  'AGENT_UNREACHABLE',
  'AGENT_REFUSED',
  'AGENT_AUTH_REFUSED',
  'AGENT_TLS_REFUSED',
  'AGENT_VERSION',
  'AGENT_LOST',
  'AGENT_FORGOT_TASK',
  'AGENT_FAILED',
  'INVALID_META_INFO',
  'DUPLICATE_FILE_NAME',
  'NO_SOURCE_REACHABLE',
  'INTEGRITY',
  'NO_SPACE',
  'DEST_BUSY',
  'DEST_NOT_REGULAR',
  'DEST_UNWRITABLE',
  'UNSAFE_PATH',
  'IO_ERROR',
  'ALL_HOSTS_FAILED',
  'INTERNAL',
] as const;
export type FailureCode = (typeof FAILURE_CODES)[number];

/** Why a host or task failed: a code for scripts and a sentence for people. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** One problem of one field of a request body; `field` is a dotted path such as `destIPs[2]`. */
export interface FieldProblem {
  readonly field: string;
  readonly code: RequestErrorCode;
  readonly message: string;
}

/** The JSON body of every refused request. */
export interface ErrorBody {
  readonly statusCode: number;
  readonly code: string;
  readonly message: string;
  readonly details?: readonly FieldProblem[];
  readonly requestId?: string;
}

/** A request that is refused with one exact code. The only error that controllers throw. */
export class RequestError extends Error {
  readonly code: RequestErrorCode;
  readonly statusCode: number;
  readonly details: readonly FieldProblem[] | undefined;

  constructor(code: RequestErrorCode, message: string, details?: readonly FieldProblem[]) {
    super(message);
    this.name = 'RequestError';
    this.code = code;
    this.statusCode = REQUEST_ERROR_STATUS[code];
    this.details = details;
  }
}
