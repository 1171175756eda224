import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newTaskId } from './new-task-id.ts';
import { MAX_HOSTS_FILE_BYTES, parseHosts, readHosts } from './read-hosts.ts';
import { taskIdProblem } from '@gofd/task-model';

describe('hosts of a task', () => {
  it('reads one host a line, without blanks, comments and line ends of any kind', () => {
    const text = '# rack 1\r\n10.0.0.7\n\n  [2001:db8::7]:45010  # spare\nfiles.example';
    expect(parseHosts(text)).toEqual(['10.0.0.7', '[2001:db8::7]:45010', 'files.example']);
  });

  it('refuses a hosts file that cannot be read, and says which option named it', async () => {
    await expect(readHosts([], '/nowhere/hosts')).rejects.toMatchObject({
      outcome: 'config',
      message: expect.stringContaining('--hosts-file /nowhere/hosts'),
    });
  });
});

describe('size of a hosts file', () => {
  it('is bounded', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gofd-hosts-'));
    const path = join(folder, 'hosts');
    await writeFile(path, `h1\n${'#'.repeat(MAX_HOSTS_FILE_BYTES - 3)}`);
    await expect(readHosts(['h0'], path)).resolves.toEqual(['h0', 'h1']);
    await writeFile(path, `h1\n${'#'.repeat(MAX_HOSTS_FILE_BYTES - 2)}`);
    await expect(readHosts([], path)).rejects.toMatchObject({ outcome: 'config' });
    await rm(folder, { recursive: true });
  });
});

describe('newTaskId', () => {
  it('reads as time in UTC and a tail, and is a legal id', () => {
    const id = newTaskId(new Date('2026-11-22T23:15:00.999Z'), 0x1_00af);
    expect(id).toBe('20261122-231500-00af');
    expect(taskIdProblem(id)).toBeUndefined();
  });
});
