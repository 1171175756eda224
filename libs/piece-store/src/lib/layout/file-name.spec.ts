import { describe, expect, it } from 'vitest';
import { badFileNames } from '../../../test/bad-file-names.ts';
import { fileNameProblem, MAX_FILE_NAME_BYTES } from './file-name.ts';

describe('fileNameProblem', () => {
  it.each(badFileNames())('B60: $id: refuses $what', ({ name, problem }) => {
    expect(fileNameProblem(name)).toContain(problem);
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
