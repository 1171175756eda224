/** Calls that brought no answer: one sentence for each cause, the code of the cause, a hint. */
import { CliError } from '../errors.ts';
import { hintForCode } from '../hints.ts';

const SENTENCES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection',
  ENOTFOUND: 'is not a known host',
  EAI_AGAIN: 'could not be looked up',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
  ETIMEDOUT: 'did not answer in time',
  ECONNABORTED: 'did not answer in time',
  ECONNRESET: 'closed the connection without an answer',
  EPIPE: 'closed the connection without an answer',
  ANSWER_TOO_LONG: 'sent more than any GoFD server answers',
};

export function errorFromCall(cause: unknown, baseUrl: string): CliError {
  const code = codeOf(cause);
  const sentence = code === undefined ? undefined : SENTENCES[code];
  const message = sentence ? `${baseUrl} ${sentence}` : `${baseUrl}: ${reasonOf(cause)}`;
  // There is a server, but not one of ours.
  const outcome = code === 'ANSWER_TOO_LONG' ? 'unexpected' : 'unreachable';
  return new CliError(outcome, message, {
    ...(code !== undefined && { code }),
    hint: hintForCode(code ?? '') ?? 'check --server or GOFD_SERVER',
    cause,
  });
}

/** The code of the system or of TLS; where several addresses were tried, that of the first. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const inner = error.cause instanceof Error ? codeOf(error.cause) : undefined;
  const own = (error as NodeJS.ErrnoException).code;
  return inner ?? own ?? (error instanceof AggregateError ? codeOf(error.errors[0]) : undefined);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || reasonOf(error.cause ?? error.name);
}
