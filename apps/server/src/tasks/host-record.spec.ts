import { describe, expect, it } from 'vitest';
import { AT, LATER, aTaskRecord, hostOf } from '../../test/a-task-record.ts';

const aHost = () => hostOf(aTaskRecord({ hosts: ['10.0.0.1'] }), 0);

describe('HostRecord', () => {
  it('starts with its first report, should that be faster than the answer to the start call', () => {
    const host = aHost();
    host.report({ percentComplete: 3 }, AT);
    host.begin(LATER);
    expect(host.view([])).toEqual({
      status: 'INPROGRESS',
      percentComplete: 3,
      startedAt: AT.toISOString(),
      dispatchFiles: [],
    });
  });

  it('B05: takes each sequence once and in order', () => {
    const host = aHost();
    host.report({ percentComplete: 20, sequence: 2 }, AT);
    host.report({ percentComplete: -1, sequence: 2 }, AT);
    host.report({ percentComplete: -1, sequence: 1 }, AT);
    expect(host.view([])).toMatchObject({ status: 'INPROGRESS', percentComplete: 20 });
  });

  it('keeps the figure it had when it fails or is cancelled', () => {
    const failed = aHost();
    failed.report({ percentComplete: 20 }, AT);
    failed.fail({ code: 'AGENT_LOST', message: 'gone' }, LATER);
    const shown = { percentComplete: 20, finishedAt: LATER.toISOString(), code: 'AGENT_LOST' };
    expect(failed.view([])).toMatchObject({ status: 'FAILED', ...shown });
    const cancelled = aHost();
    cancelled.report({ percentComplete: 20 }, AT);
    cancelled.cancel(LATER);
    expect(cancelled.view([])).toMatchObject({ status: 'CANCELLED', percentComplete: 20 });
  });
});
