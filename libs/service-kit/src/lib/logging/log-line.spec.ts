import { describe, expect, it } from 'vitest';
import { formatJson, formatLine } from './log-line.ts';

const TIME = '2026-11-22T23:15:00.000Z';
const line = (fields: Record<string, unknown>, message: unknown = 'told'): string =>
  formatLine('server', TIME, { level: 'info', message, ...fields }).slice(TIME.length + 1);

describe('a line', () => {
  it('has time, level, name, message and the fields as key=value', () => {
    expect(
      formatLine('server', TIME, { level: 'warn', message: 'host lost', id: 't1', n: 3 }),
    ).toBe('2026-11-22T23:15:00.000Z WARN  server host lost id=t1 n=3');
  });

  it('quotes texts that could be taken for more than one field', () => {
    expect(line({ a: 'two words', b: '', c: 'x=y', d: 'say "x"' })).toBe(
      String.raw`INFO  server told a="two words" b="" c="x=y" d="say \"x\""`,
    );
  });

  it('shows line breaks and escape sequences as text', () => {
    expect(line({}, 'a\r\nb\u001b[1m\u202e')).toBe(String.raw`INFO  server a\r\nb\u001b[1m\u202e`);
  });

  it('reduces an error to what tells something, without what its owner hung on it', () => {
    const error = Object.assign(new Error('refused'), {
      code: 'ECONNREFUSED',
      config: { auth: 'x' },
    });
    expect(line({ error })).toMatch(/"message":"refused","code":"ECONNREFUSED","stack":"Error/);
    expect(line({ error })).not.toContain('auth');
  });

  it('leaves out functions and undefined, and bounds depth, lists, bytes and texts', () => {
    const deep = { a: { b: { c: { d: { e: 1 } } } } };
    expect(line({ f: () => 1, u: undefined, deep })).toContain(
      'deep={"a":{"b":{"c":{"d":"[deeper]"}}}}',
    );
    expect(line({ list: Array(51).fill(0) })).toContain(',0,"[1 more]"]');
    expect(line({ bytes: Buffer.alloc(9) })).toContain('bytes="[9 bytes]"');
    expect(line({ text: 'x'.repeat(8_200) })).toContain('xx[8 more]');
  });

  it('survives an object that holds itself', () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(line({ loop })).toContain('[deeper]');
  });

  it('is one JSON object in the format json', () => {
    expect(
      JSON.parse(formatJson('a', TIME, { level: 'info', message: 'm', when: new Date(0) })),
    ).toEqual({
      time: TIME,
      level: 'info',
      name: 'a',
      message: 'm',
      when: '1970-01-01T00:00:00.000Z',
    });
  });
});
