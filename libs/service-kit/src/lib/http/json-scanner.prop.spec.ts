import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestError } from '@gofd/task-model';
import { assertPlainJson, MAX_JSON_DEPTH } from './json-scanner.ts';

const ESCAPED = String.raw`{"a\"b": "}{,\\", "c\\": ["\"", {"d": 1}]}`;

function codeOf(text: string): string | undefined {
  try {
    assertPlainJson(text);
    return undefined;
  } catch (error) {
    if (error instanceof RequestError) return error.code;
    throw error;
  }
}

describe('assertPlainJson', () => {
  it('lets every JSON text pass that JavaScript itself would write', () => {
    const isForbidden = /"(__proto__|constructor|prototype)"/;
    fc.assert(
      fc.property(fc.json({ depthSize: 'medium', maxDepth: 10 }), fc.nat(3), (text, indent) => {
        fc.pre(!isForbidden.test(text));
        expect(codeOf(JSON.stringify(JSON.parse(text), null, indent))).toBeUndefined();
      }),
    );
  });

  it('finds a key that is doubled in any place of any text', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), fc.string(), (inner, key) => {
        fc.pre(codeOf(inner) === undefined && codeOf(`{${JSON.stringify(key)}:1}`) === undefined);
        const name = JSON.stringify(key);
        expect(codeOf(`[${inner}, {${name}: ${inner}, "": [], ${name} : 1}]`)).toBe(
          'DUPLICATE_KEY',
        );
      }),
    );
  });

  it('is not misled by quotes, brackets and commas inside texts', () => {
    expect(codeOf(ESCAPED)).toBeUndefined();
    expect(codeOf(`[${ESCAPED}, ${ESCAPED}]`)).toBeUndefined();
  });

  it('accepts the same key in two objects, and as a value', () => {
    expect(codeOf('{"a": {"a": "a"}, "b": [{"a": 1}, {"a": 2}]}')).toBeUndefined();
  });

  it('accepts nesting up to its bound, however wide', () => {
    const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    expect(codeOf(nested(MAX_JSON_DEPTH))).toBeUndefined();
    expect(codeOf(nested(MAX_JSON_DEPTH + 1))).toBe('BAD_JSON');
    expect(codeOf(`[${Array(1_000).fill('[]').join()}]`)).toBeUndefined();
  });
});
