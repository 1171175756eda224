import { describe, expect, it } from 'vitest';
import { fileNameProblem, MAX_FILE_NAME_BYTES } from './file-name.ts';

describe('fileNameProblem', () => {
  it.each([
    ['a parent path', '../x', /separator/],
    ['a parent path in the other style', '..\\x', /separator/],
    ['a parent inside', 'a/../../x', /separator/],
    ['an absolute path', '/etc/x', /separator/],
    ['two slashes', '//x', /separator/],
    ['a path from here', './x', /separator/],
    ['a trailing slash', 'a/', /separator/],
    ['a doubled slash', 'a//b', /separator/],
    ['a drive path', 'C:\\x', /separator/],
    ['300 levels', 'd/'.repeat(300), /separator/],
    ['the directory itself', '.', /directory/],
    ['its parent', '..', /directory/],
    ['nothing', '', /empty/],
    ['a blank', ' ', /empty/],
    ['blanks of other kinds', '\u00a0\u3000', /empty/],
    ['NUL', 'a\0b', /control/],
    ['a line break', 'a\nb', /control/],
    ['a carriage return', 'a\rb', /control/],
    ['a tab', 'a\tb', /control/],
    ['an escape sequence', 'a\u001b[31m', /control/],
    ['DEL', 'a\u007f', /control/],
    ['a C1 control', 'a\u0085b', /control/],
    ['a right-to-left override', 'a\u202egpj.exe', /invisible/],
    ['a zero-width space', 'a\u200bb', /invisible/],
    ['a byte order mark', '\ufeffa', /invisible/],
    ['a line separator', 'a\u2028b', /invisible/],
    ['a lone high surrogate', 'a\ud800', /Unicode/],
    ['a lone low surrogate', '\udc00a', /Unicode/],
    ['one byte too many', 'x'.repeat(MAX_FILE_NAME_BYTES + 1), /255 bytes/],
    ['one byte too many in two-byte letters', 'ä'.repeat(128), /255 bytes/],
    ['a path of 4,096 bytes', 'x'.repeat(4096), /255 bytes/],
    ['our own directory', '.gofd', /reserved/],
  ])('B60: refuses %s', (_what, name, problem) => {
    expect(fileNameProblem(name)).toMatch(problem);
  });

  it.each([
    'x',
    'two.bin',
    'a b',
    '.hidden',
    '...',
    '..x',
    'x..',
    '.gofd2',
    '~',
    '$HOME',
    '%00',
    '%2e%2e%2f',
    '-rf',
    'CON',
    'a:b',
    'trailing dot.',
    'trailing blank ',
    'größe',
    'caf\u0065\u0301',
    '日本語.bin',
    '🎉.bin',
    '<script>',
    'x'.repeat(MAX_FILE_NAME_BYTES),
    `${'ä'.repeat(127)}x`,
  ])('accepts %j, which is one plain name on Linux', (name) => {
    expect(fileNameProblem(name)).toBeUndefined();
  });
});
