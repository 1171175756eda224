import { describe, expect, it, vi } from 'vitest';
import { AT, LATER, aBegunRecord, aTaskRecord, hostOf } from '../../test/a-task-record.ts';

const NO_SPACE = { code: 'NO_SPACE', message: 'the disk is full' };

describe('TaskRecord', () => {
  it('is over when its last host is, and says so once', () => {
    const record = aBegunRecord();
    const onOver = vi.fn();
    record.whenOver(onOver);
    record.report(hostOf(record, 0), { percentComplete: 100 }, AT);
    expect([record.status, onOver.mock.calls.length]).toEqual(['INPROGRESS', 0]);
    record.report(hostOf(record, 1), { percentComplete: 100 }, LATER);
    record.report(hostOf(record, 1), { percentComplete: 100 }, LATER);
    record.cancel(LATER);
    expect([record.status, onOver.mock.calls.length]).toEqual(['COMPLETED', 1]);
    expect(record.summary(0)).toMatchObject({
      createdAt: AT.toISOString(),
      startedAt: AT.toISOString(),
      finishedAt: LATER.toISOString(),
    });
  });

  it('calls back at once when it is over already', () => {
    const record = aTaskRecord();
    record.cancel(AT);
    const onOver = vi.fn();
    record.whenOver(onOver);
    expect(onOver).toHaveBeenCalledOnce();
  });

  it('B03: is FAILED, with a code, when every host failed', () => {
    const record = aBegunRecord();
    for (const host of record.hosts) record.failHost(host, NO_SPACE, AT);
    expect(record.summary(0)).toMatchObject({ status: 'FAILED', code: 'ALL_HOSTS_FAILED' });
  });

  it('is PARTIAL when some hosts failed', () => {
    const record = aBegunRecord();
    record.failHost(hostOf(record, 0), NO_SPACE, AT);
    record.report(hostOf(record, 1), { percentComplete: 100 }, AT);
    expect(record.status).toBe('PARTIAL');
    expect(record.summary(0).hostCounts).toMatchObject({ total: 2, completed: 1, failed: 1 });
  });

  it('B04: keeps a terminal state whatever comes', () => {
    const record = aBegunRecord({ hosts: ['10.0.0.1'] });
    record.report(hostOf(record, 0), { percentComplete: 100 }, AT);
    const before = record.view(0);
    record.cancel(LATER);
    record.fail(NO_SPACE, LATER);
    record.failHost(hostOf(record, 0), NO_SPACE, LATER);
    record.report(hostOf(record, 0), { percentComplete: -1 }, LATER);
    record.begin(LATER);
    expect(record.view(0)).toEqual(before);
  });

  it.each([
    ['SOURCE_NOT_FOUND', 'FILE_NOT_EXISTED'],
    ['SOURCE_CHANGED', 'FAILED'],
  ])('with a source problem %s is %s, and so are hosts that have not ended', (code, status) => {
    const record = aBegunRecord();
    record.report(hostOf(record, 0), { percentComplete: 100 }, AT);
    record.fail({ code, message: 'why' }, AT);
    expect(record.summary(0)).toMatchObject({ status, code, message: 'why' });
    expect(record.hosts.map((host) => host.status)).toEqual(['COMPLETED', 'FAILED']);
    expect(record.isRetryable).toBe(true);
  });

  it('B83: has the same content only with the same lists in the same order', () => {
    const record = aTaskRecord({ files: ['/src/a', '/src/b'] });
    const hosts = ['10.0.0.1', '10.0.0.2'];
    expect(record.hasContent(['/src/a', '/src/b'], hosts)).toBe(true);
    expect(record.hasContent(['/src/b', '/src/a'], hosts)).toBe(false);
    expect(record.hasContent(['/src/a', '/src/b'], [...hosts].reverse())).toBe(false);
    expect(record.hasContent(['/src/a'], hosts)).toBe(false);
    expect(record.hasContent([], [])).toBe(false);
  });

  it('finds a host by its entry, or by its address where only one has it', () => {
    const record = aTaskRecord({ hosts: ['10.0.0.1:1', '10.0.0.1:2', 'web', '[::1]:3'] });
    expect(record.findHost('10.0.0.1:2')).toBe(hostOf(record, 1));
    expect(record.findHost('10.0.0.1')).toBeUndefined();
    expect(record.findHost('WEB')).toBe(hostOf(record, 2));
    expect(record.findHost('::1')).toBe(hostOf(record, 3));
    expect(record.findHost('10.0.0.9')).toBeUndefined();
  });

  it('keys the hosts of a view by the entries of destIPs, in their order', () => {
    const hosts = ['web', '10.0.0.2', '[::1]:3'];
    const record = aTaskRecord({ hosts, files: ['/src/a'] });
    expect(Object.keys(record.view(7).dispatchInfos)).toEqual(hosts);
    expect(record.view(7)).toMatchObject({ serverSentBytes: 7, dispatchFiles: ['/src/a'] });
  });
});
