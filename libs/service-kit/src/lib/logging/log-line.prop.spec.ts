import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatJson, formatLine } from './log-line.ts';

const TIME = '2026-11-22T23:15:00.000Z';
// Controls of C0 and C1, DEL, the Unicode line breaks and the marks that reverse text.
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('a\nb', '\r\n', '\u001b[2K', '\u2028', '\u202e', '\u0085', '\u007f', '"', '\\n'),
);
const anyEvent = fc.record({
  level: fc.constant('info'),
  message: anyText,
  id: anyText,
  nested: fc.array(fc.dictionary(anyText, anyText)),
});

it('S13: whatever a field holds, an event stays one line without control characters', () => {
  fc.assert(
    fc.property(anyEvent, (event) => {
      expect(formatLine('x', TIME, event)).not.toMatch(UNSAFE);
      expect(formatJson('x', TIME, event)).not.toMatch(UNSAFE);
    }),
  );
});

it('gives back the very fields when the format is JSON', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (id) => {
      const line = formatJson('x', TIME, { level: 'info', message: 'm', id });
      expect(JSON.parse(line)).toEqual({ time: TIME, level: 'info', name: 'x', message: 'm', id });
    }),
  );
});

it('logs any value at all without throwing', () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true }), (value) => {
      expect(typeof formatLine('x', TIME, { level: 'info', message: value, value })).toBe('string');
      expect(() => {
        JSON.parse(formatJson('x', TIME, { level: 'info', message: value, value }));
      }).not.toThrow();
    }),
  );
});
