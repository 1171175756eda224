/** Real processes and one fault of each kind; all of them and more seeds: `npm run faults`. */
import { describe, expect, it } from 'vitest';
import { FAULTS, SHORT_SET } from './faults/fault-list.ts';
import { replayCommand } from './fault-options.ts';
import { runFault } from './run-fault.ts';

/** Above every deadline inside a run, which speak better. */
const RUN_TIMEOUT_MS = 180_000;
const SEED = 1;

describe('a task survives', () => {
  it.for(SHORT_SET)('%s at %s', { timeout: RUN_TIMEOUT_MS }, async ([id, phase], { skip }) => {
    const fault = FAULTS.find((one) => one.id === id);
    if (!fault) throw new Error(`there is no fault ${id}`);
    const { outcome, findings } = await runFault(fault, phase, SEED);
    if (outcome === 'not run') skip(`not run: ${findings.join('; ')}`);
    const again = replayCommand({ fault: id, phase, seed: SEED });
    expect({ outcome, findings, again }).toEqual({ outcome: 'survived', findings: [], again });
  });
});
