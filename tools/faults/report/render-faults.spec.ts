import { describe, expect, it } from 'vitest';
import { FAULTS } from '../faults/fault-list.ts';
import type { FaultRun } from '../run-fault.ts';
import { renderFaults } from './render-faults.ts';

const SESSION = { command: 'npm run faults', commit: 'abc', startedAt: 'now', machine: '2 cores' };

function render(...runs: FaultRun[]): string {
  return renderFaults([{ ...SESSION, runs }], FAULTS);
}

const survived: FaultRun = {
  fault: 'F01',
  phase: 'P5',
  seed: 3,
  outcome: 'survived',
  findings: [],
  recoveryMs: 1_250,
};

describe('renderFaults', () => {
  it('counts what survived, by fault and phase, with the longest recovery', () => {
    const text = render(survived, { ...survived, seed: 4, recoveryMs: 2_000 });
    expect(text).toContain('**2 of 2 runs survived** (1 faults, seeds 3, 4): 0 wrong bytes');
    expect(text).toMatch(/\| F01 \|.* P5 2, .*\| 2\/2 \| 2\.0 s \|/);
    expect(text).not.toContain('Not survived');
  });

  it('shows a failure with its findings and the command that repeats it', () => {
    const findings = ['I1: host shows wrong bytes in `x`', 'I3: not over'];
    const text = render({ ...survived, outcome: 'failed', findings });
    expect(text).toContain('**0 of 1 runs survived**');
    expect(text).toContain('1 wrong bytes, 0 false statuses, 1 stuck tasks');
    expect(text).toContain('`npm run faults -- --only F01 --phases P5 --seed 3`: `I1: host shows');
  });

  it('shortens a finding that goes on, and names no files of whoever ran it', () => {
    const run: FaultRun = { ...survived, outcome: 'failed', findings: ['x'.repeat(161)] };
    const command = 'npm run faults -- --json /a/b.json --seed 3 --logs /c';
    const text = renderFaults([{ ...SESSION, command, runs: [run] }], FAULTS);
    expect(text).toContain(`\`${'x'.repeat(159)}…\``);
    expect(text).toContain('`npm run faults -- --seed 3`');
  });

  it('counts the last of a run that was repeated, in whatever order sessions are given', () => {
    const before = {
      ...SESSION,
      startedAt: '2026-01-01',
      runs: [{ ...survived, outcome: 'failed' as const }],
    };
    const after = { ...SESSION, startedAt: '2026-01-02', runs: [survived] };
    for (const reports of [
      [before, after],
      [after, before],
    ]) {
      const text = renderFaults(reports, FAULTS);
      expect(text).toContain('**1 of 1 runs survived**');
      expect(text).not.toContain('Not survived');
    }
  });

  it('does not count what was not run, and says so', () => {
    const text = render({
      ...survived,
      fault: 'F08',
      outcome: 'not run',
      findings: ['needs root'],
    });
    expect(text).toContain('**0 of 0 runs survived**');
    expect(text).toContain('- F08: needs root');
    expect(text).toContain('- F01: not asked for');
  });

  it('counts a moment that was missed as a run that did not survive', () => {
    const text = render({ ...survived, outcome: 'missed', findings: ['P5 was over'] });
    expect(text).toContain('**0 of 1 runs survived**');
    expect(text).toContain('In 1 the moment passed unseen');
  });
});
