/** The rules that configuration values obey, each with one sentence for people. */
import { isFQDN, isIP, ValidateBy, ValidateIf } from 'class-validator';

export const MAX_PORT = 65_535;
const MAX_SHOWN_VALUE_CHARS = 40;

/**
 * A rule given as a function that returns what is wrong, or undefined. It sees the section that
 * the value stands in, so that a rule may span two keys.
 */
export function Rule<Section extends object = object>(
  name: string,
  problemOf: (value: unknown, section: Section) => string | undefined,
): PropertyDecorator {
  return ValidateBy({
    name,
    validator: {
      validate: (value, args) => problemOf(value, args?.object as Section) === undefined,
      defaultMessage: (args) => problemOf(args?.value, args?.object as Section) ?? '',
    },
  });
}

/** The key may be left out. Unlike class-validator's IsOptional, a key without a value is wrong. */
export function MayBeAbsent(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}

export function IsIntegerBetween(min: number, max: number): PropertyDecorator {
  return Rule('integerBetween', (value) =>
    Number.isInteger(value) && isBetween(value as number, min, max)
      ? undefined
      : mustBe(`an integer from ${min} to ${max}`, value),
  );
}

export function IsPort(): PropertyDecorator {
  return IsIntegerBetween(1, MAX_PORT);
}

/** A number above 0 and up to `max`, fractions included. */
export function IsPositiveNumber(max: number): PropertyDecorator {
  return Rule('positiveNumber', (value) =>
    typeof value === 'number' && value > 0 && value <= max
      ? undefined
      : mustBe(`a number above 0 and up to ${max}`, value),
  );
}

export function IsTrueOrFalse(): PropertyDecorator {
  return Rule('trueOrFalse', (value) =>
    typeof value === 'boolean' ? undefined : mustBe('true or false', value),
  );
}

export function IsOneOf(...values: readonly string[]): PropertyDecorator {
  return Rule('oneOf', (value) =>
    values.includes(value as string) ? undefined : mustBe(values.join(' or '), value),
  );
}

/** Text that is not empty and holds no control characters. */
export function IsText(maxChars: number): PropertyDecorator {
  return Rule('text', (value) => textProblem(value, maxChars));
}

function textProblem(value: unknown, maxChars: number): string | undefined {
  if (typeof value !== 'string') return mustBe('text', value);
  if (value.trim() === '') return 'must not be empty';
  if (value.length > maxChars) return `must have at most ${maxChars} characters`;
  return /\p{Cc}/u.test(value) ? 'must not hold control characters' : undefined;
}

/** A list of 1 to `maxCount` texts. */
export function IsTextList(maxCount: number, maxChars: number): PropertyDecorator {
  return Rule('textList', (value) => {
    if (!Array.isArray(value)) return mustBe('a list', value);
    if (value.length === 0) return 'must not be empty';
    if (value.length > maxCount) return `must have at most ${maxCount} entries`;
    for (const [index, item] of (value as unknown[]).entries()) {
      const problem = textProblem(item, maxChars);
      if (problem !== undefined) return `entry ${index + 1} ${problem}`;
    }
    return undefined;
  });
}

/** An address to listen on: a literal, because a name may resolve to more than was meant. */
export function ipProblem(value: unknown): string | undefined {
  if (typeof value === 'string' && isIP(value)) return undefined;
  return mustBe('an IPv4 or IPv6 address (a host name is not enough to listen on)', value);
}

/** Whether an address means "every interface of this machine". */
export function isWildcardAddress(address: unknown): boolean {
  return address === '0.0.0.0' || (typeof address === 'string' && /^[0:]*:[0:]*$/.test(address));
}

/** An address that others can dial: literal or host name, without a port. */
export function dialableProblem(value: unknown): string | undefined {
  const isName = typeof value === 'string' && !/^[\d.]+$/.test(value) && isFQDN(value, NAME_RULES);
  if (!isName && !(typeof value === 'string' && isIP(value))) {
    return mustBe('an IP address or host name, without a port', value);
  }
  return isWildcardAddress(value) ? mustBe('an address that others can dial', value) : undefined;
}

const NAME_RULES = { require_tld: false, allow_underscores: false, allow_numeric_tld: true };

/** "must be …, not …", with the value shown when it is short and plain. */
export function mustBe(expected: string, value: unknown): string {
  if (typeof value === 'string') {
    const shown = JSON.stringify(value.slice(0, MAX_SHOWN_VALUE_CHARS));
    return `must be ${expected}, not the text ${shown}`;
  }
  if (typeof value === 'number' || typeof value === 'boolean') {
    return `must be ${expected}, not ${value}`;
  }
  return `must be ${expected}`;
}

function isBetween(value: number, min: number, max: number): boolean {
  return value >= min && value <= max;
}
