import { describe, expect, it } from 'vitest';
import { parseWorkload, type Workload } from '../workloads.ts';
import { progressText } from './progress-text.ts';
import { toFailedRun, toRunResult, type RunMeasure } from './run-result.ts';

const WORKLOAD = parseWorkload('4:80:9.5367431640625:slow=2@8') as Workload; // 10,000,000 bytes
const RUN = { workload: WORKLOAD, peer: 'ours', round: 2 };

function aMeasure(changes: Partial<RunMeasure> = {}): RunMeasure {
  const cpu = {
    machineSeconds: 0.06,
    peerSeconds: 0.03,
    stealShare: 0.02,
    foreignShare: 0.03,
    capacitySeconds: 4,
  };
  return { makespanSeconds: 2, cpu, sourceLinkBytes: 10_500_000, ...changes };
}

describe('toRunResult', () => {
  it('divides by the bound, by the file and by what the healthy hosts hold', () => {
    const { figures } = toRunResult(RUN, aMeasure({ sourceSentBytes: 10_000_000 }), 3);
    expect(figures?.boundRatio).toBeCloseTo(2 * 0.956);
    expect(figures?.sourceCopies).toBeCloseTo(1.05);
    expect(figures?.ownSourceCopies).toBeCloseTo(1);
    expect(figures?.cpuSecondsPerGb).toBeCloseTo(2);
    expect(figures?.peerCpuSecondsPerGb).toBeCloseTo(1);
  });

  it('gives no time at all to a run in which one healthy host is wrong', () => {
    const result = toRunResult(RUN, aMeasure(), 2);
    expect(result.figures).toBeUndefined();
    expect(result).toMatchObject({ hostsRight: 2, hostsAwaited: 3 });
    expect(result.failure).toBe('1 of 3 hosts do not hold the file');
    expect(JSON.stringify(result)).not.toContain('makespan');
    expect(progressText(result)).toBe(
      'no time: 1 of 3 hosts do not hold the file; 2 of 3 hosts right',
    );
  });

  it('marks a round when steal and others together pass the limit, not at it', () => {
    expect(toRunResult(RUN, aMeasure(), 3).isDisturbed).toBe(false);
    const cpu = { ...aMeasure().cpu, stealShare: 0.021 };
    expect(toRunResult(RUN, aMeasure({ cpu }), 3).isDisturbed).toBe(true);
  });

  it('leaves out what nobody counted', () => {
    const cpu = { ...aMeasure().cpu, peerSeconds: undefined };
    const { figures } = toRunResult(RUN, aMeasure({ cpu }), 3);
    expect(figures).not.toHaveProperty('peerCpuSecondsPerGb');
    expect(figures).not.toHaveProperty('ownSourceCopies');
    expect(figures).not.toHaveProperty('peakRssMiB');
  });
});

describe('toFailedRun', () => {
  it('has a reason and no figures', () => {
    expect(toFailedRun(RUN, 'not done after 300 s')).toMatchObject({
      round: 2,
      hostsRight: 0,
      hostsAwaited: 3,
      failure: 'not done after 300 s',
    });
  });
});

describe('progressText', () => {
  it('says in one line what a run gave', () => {
    const text = progressText(toRunResult(RUN, aMeasure({ peakRssMiB: 120 }), 3));
    expect(text).toBe(
      '2.00 s, 1.91 of the bound, source sent 1.05 F, 2.00 CPU s/GB, 120 MiB, 3 of 3 hosts right',
    );
  });
});
