import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_TASK_FILE_BYTES, parseTask, readTask } from './read-task.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gofd-read-task-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function taskFile(text: string): string {
  const path = join(folder, 'task.yml');
  writeFileSync(path, text);
  return path;
}

const makeId = (): string => 'made';

describe('readTask', () => {
  it('takes a task from options alone and makes an id', async () => {
    await expect(
      readTask({ file: ['/a'], host: ['h1'], group: ['zone=b'] }, makeId),
    ).resolves.toEqual({
      id: 'made',
      dispatchFiles: ['/a'],
      destIPs: ['h1'],
      destGroups: ['zone=b'],
    });
  });

  it('takes a task from a file, and an option in place of its field', async () => {
    const from = taskFile('id: a\ndispatchFiles: [/a]\ndestIPs: [h1, h2]\n');
    await expect(readTask({ from }, makeId)).resolves.toEqual({
      id: 'a',
      dispatchFiles: ['/a'],
      destIPs: ['h1', 'h2'],
    });
    await expect(readTask({ from, id: 'b', host: ['h3'] }, makeId)).resolves.toEqual({
      id: 'b',
      dispatchFiles: ['/a'],
      destIPs: ['h3'],
    });
  });

  it('leaves to the server what the fields hold, unknown ones too', async () => {
    const from = taskFile('{"dispatchFiles": 7, "destIPs": ["h"], "speeed": 1}');
    const task = { id: 'made', dispatchFiles: 7, destIPs: ['h'], speeed: 1 };
    await expect(readTask({ from }, makeId)).resolves.toEqual(task);
  });

  it.each([
    ['no files', { host: ['h'] }, 'no file given'],
    ['no hosts', { file: ['/a'] }, 'no hosts given'],
    ['standard input twice', { from: '-', hostsFile: '-' }, 'both read standard input'],
  ])('calls %s wrong usage', async (_title, flags, words) => {
    await expect(readTask(flags, makeId)).rejects.toMatchObject({
      outcome: 'usage',
      message: expect.stringContaining(words),
      options: { hint: expect.any(String) },
    });
  });

  it.each([
    ['broken YAML', 'id: [a'],
    ['a key twice', 'id: a\nid: b\n'],
    ['a list', '- a\n'],
    ['nothing', ''],
    ['a text', 'hello'],
    ['two documents', 'id: a\n---\nid: b\n'],
    [
      'aliases that multiply',
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c]`,
    ],
  ])('refuses %s with a hint at what is wanted', (_title, text) => {
    expect(() => parseTask(text, '--from task.yml')).toThrow(
      expect.objectContaining({
        outcome: 'config',
        message: expect.stringMatching(/^--from task\.yml cannot be used: ./),
        options: expect.objectContaining({ hint: expect.stringContaining('dispatchFiles') }),
      }),
    );
  });

  it('reads no more than the server would take', async () => {
    const from = taskFile(`id: a # ${'x'.repeat(MAX_TASK_FILE_BYTES)}`);
    await expect(readTask({ from }, makeId)).rejects.toMatchObject({ outcome: 'config' });
  });
});
