import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shellQuote } from './shell-quote.ts';
import { tableLines } from './table.ts';
import { clipColumns, displayColumns, padColumns, printable } from './terminal-text.ts';

describe('terminal text', () => {
  it('writes out escape sequences, line ends and bidirectional overrides', () => {
    expect(printable('a\u001b[31mb\r\nc\u202Ed\u009b')).toBe(
      'a\\u{1b}[31mb\\u{d}\\u{a}c\\u{202e}d\\u{9b}',
    );
  });

  it.each([
    ['host', 4],
    ['磁盘', 4],
    ['e\u0301', 1],
    ['', 0],
  ])('%j takes %d columns', (text, columns) => {
    expect(displayColumns(text)).toBe(columns);
  });

  it.each([
    ['release', 7, 'release'],
    ['release', 6, 'relea…'],
    ['磁盘已满', 6, '磁盘…'],
    ['release', 1, '…'],
    ['release', 0, ''],
  ])('%j in %d columns is %j', (text, columns, clipped) => {
    expect(clipColumns(text, columns)).toBe(clipped);
  });

  it('never exceeds the columns, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, columns) => {
        expect(displayColumns(clipColumns(printable(text), columns))).toBeLessThanOrEqual(columns);
      }),
    );
  });

  it('aligns the columns of a table, wide characters too', () => {
    expect(padColumns('磁盘', 6)).toBe('磁盘  ');
    expect(
      tableLines([
        ['a', 'long', 'x'],
        ['磁盘', 'b', ''],
      ]),
    ).toEqual(['a     long  x', '磁盘  b']);
  });

  it.each([
    ['http://10.0.0.1:45000', 'http://10.0.0.1:45000'],
    ['a b', "'a b'"],
    ["it's", `'it'\\''s'`],
    ['', "''"],
    ['$(reboot)', "'$(reboot)'"],
  ])('quotes %j for the shell as %s', (word, quoted) => {
    expect(shellQuote(word)).toBe(quoted);
  });
});
