/** An error as lines for standard error: what happened, each field at fault, what to do next. */
import { CliError } from './errors.ts';
import { printable } from './text/terminal-text.ts';

/** A refused list may have 10,000 entries at fault; nobody reads more than this. */
export const MAX_DETAIL_LINES = 20;

export function errorLines(error: unknown): string[] {
  if (!(error instanceof CliError)) return unforeseenLines(error);
  const { code, hint, requestId } = error.options;
  const sentence = `gofd: ${code === undefined ? '' : `${code}: `}${error.message}`;
  return [
    sentence,
    ...detailLines(error),
    ...(requestId === undefined ? [] : [`  request id: ${requestId}`]),
    ...(hint === undefined ? [] : [`hint: ${hint}`]),
  ].map(printable);
}

function detailLines({ message, options: { details = [] } }: CliError): string[] {
  // A single detail mostly repeats the sentence of the answer; saying it once is enough.
  const telling = details.filter((detail) => details.length > 1 || detail.message !== message);
  const lines = telling
    .slice(0, MAX_DETAIL_LINES)
    .map(({ field, code, message: problem }) => `  ${field}: ${code}: ${problem}`);
  const rest = telling.length - lines.length;
  return rest > 0 ? [...lines, `  … and ${rest} more`] : lines;
}

function unforeseenLines(error: unknown): string[] {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    'gofd: an error that nobody foresaw; please report it with these lines',
    ...stack.split('\n'),
  ];
}
