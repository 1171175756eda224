import fc from 'fast-check';
import { expect, it } from 'vitest';
import { problemsOf, SampleConfig } from '../../../test/sample-config.ts';
import { parseConfig } from './load-config.ts';

it('answers any text with a configuration or with problems, never with another error', () => {
  const word = fc.constantFrom(
    'net',
    'auth',
    'control',
    'ip',
    'name',
    '&a',
    '*a',
    '- ',
    ': ',
    '{',
    '}',
    '"',
    '!!map',
    '\n',
    '\n  ',
    '__proto__',
    '? ',
    '|',
    '%YAML 1.1\n---\n',
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof(word, fc.string({ maxLength: 5 })), { maxLength: 30 }),
      (parts) => {
        const text = parts.join('');
        const found = problemsOf(() => parseConfig(text, { file: 'x.yml', env: {} }, SampleConfig));
        expect(found.length).toBeGreaterThan(0);
        expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
      },
    ),
    { numRuns: 500 },
  );
});
