import type { ApiError } from '@gofd/api-client';

interface Props {
  readonly error: ApiError | undefined;
  /** Fields that show their own problems, by the first word of the server's name for them. */
  readonly fields?: readonly string[];
}

/** Why a call was refused: code and sentence, unless a field shows them. */
export function Refusal({ error, fields = [] }: Props) {
  if (!error) return null;
  const unplaced = error.details.filter(({ field }) => !fields.includes(rootOf(field)));
  if (error.details.length > 0 && unplaced.length === 0) return null;
  const problems = unplaced.length > 0 ? unplaced : [error];
  return (
    <div class="refusal" role="alert">
      {problems.map(({ code, message }) => (
        <p key={`${code} ${message}`}>
          <code>{code}</code> {message}
        </p>
      ))}
    </div>
  );
}

interface FieldProps {
  readonly id: string;
  readonly error: ApiError | undefined;
  readonly field: string;
}

/** What the server has against one field, `destIPs[2]` counting as `destIPs`. */
export function FieldRefusal({ id, error, field }: FieldProps) {
  const problems = error?.details.filter((problem) => rootOf(problem.field) === field) ?? [];
  return (
    <span id={id} class="refusal" role={problems.length > 0 ? 'alert' : undefined}>
      {problems.map(({ code, message }) => (
        <span key={`${code} ${message}`}>
          <code>{code}</code> {message}
        </span>
      ))}
    </span>
  );
}

function rootOf(field: string): string {
  return field.split(/[.[]/, 1)[0] ?? field;
}
