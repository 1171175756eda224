/**
 * Ties a class-validator rule to the one request code that its violation answers with.
 * `toFieldProblems` turns class-validator's tree into a flat list in the order of the fields.
 */
import {
  ValidateBy,
  ValidateIf,
  type ValidationError,
  type ValidationOptions,
} from 'class-validator';
import type { FieldProblem, RequestErrorCode } from './errors.ts';

/** Validation option that names the code of a rule. */
export function answers(code: RequestErrorCode, each = false): ValidationOptions {
  return each ? { context: { code }, each: true } : { context: { code } };
}

/** The field may be left out. Unlike class-validator's IsOptional, null is refused. */
export function MayBeAbsent(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}

/** A rule given as a function that returns what is wrong, or undefined. */
export function Rule(
  name: string,
  code: RequestErrorCode,
  problemOf: (value: unknown) => string | undefined,
): PropertyDecorator {
  return ValidateBy(
    {
      name,
      validator: {
        validate: (value) => problemOf(value) === undefined,
        defaultMessage: (args) => `${args?.property ?? 'value'} ${problemOf(args?.value) ?? ''}`,
      },
    },
    { context: { code } },
  );
}

/** Codes of the rules whose code does not depend on the field. */
const CODE_OF_CONSTRAINT: Readonly<Record<string, RequestErrorCode>> = {
  whitelistValidation: 'FIELD_UNKNOWN',
  arrayNotEmpty: 'FIELD_EMPTY',
  isNotEmpty: 'FIELD_EMPTY',
  isLength: 'FIELD_EMPTY',
  min: 'FIELD_RANGE',
  max: 'FIELD_RANGE',
  arrayMaxSize: 'FIELD_RANGE',
  maxLength: 'FIELD_RANGE',
};

export function toFieldProblems(
  errors: readonly ValidationError[],
  parent = '',
): readonly FieldProblem[] {
  return errors.flatMap((error) => {
    const field = fieldPath(parent, error.property);
    const own = ownProblem(error, field);
    return [...(own ? [own] : []), ...toFieldProblems(error.children ?? [], field)];
  });
}

function fieldPath(parent: string, property: string): string {
  if (/^\d+$/.test(property)) return `${parent}[${property}]`;
  return parent === '' ? property : `${parent}.${property}`;
}

/** The most telling problem of one field: absent before null before wrong type before the rest. */
function ownProblem(error: ValidationError, field: string): FieldProblem | undefined {
  const constraints = Object.entries(error.constraints ?? {});
  if (constraints.length === 0) return undefined;
  const unknown = constraints.find(([name]) => name === 'whitelistValidation');
  if (unknown) return { field, code: 'FIELD_UNKNOWN', message: `${field} is not a known field` };
  if (error.value === undefined) {
    return { field, code: 'FIELD_MISSING', message: `${field} is required` };
  }
  if (error.value === null)
    return { field, code: 'FIELD_NULL', message: `${field} must not be null` };
  const coded = constraints.map(([name, message]) => ({
    code: codeOf(error, name),
    message: message.replace(error.property, field),
  }));
  const chosen = coded.find(({ code }) => code === 'FIELD_TYPE') ?? coded[0];
  return chosen && { field, ...chosen };
}

function codeOf(error: ValidationError, constraint: string): RequestErrorCode {
  const context = error.contexts?.[constraint] as { code?: RequestErrorCode } | undefined;
  return context?.code ?? CODE_OF_CONSTRAINT[constraint] ?? 'FIELD_TYPE';
}
