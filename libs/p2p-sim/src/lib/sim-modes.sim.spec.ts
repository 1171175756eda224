/** What each mode demands: the same faults, another verdict. */
import { describe, expect, it } from 'vitest';
import {
  createPrng,
  TaskSession,
  type SessionEffect,
  type TaskSessionOptions,
} from '@gofd/p2p-protocol';
import type { Fault } from './fault-plan.ts';
import { drawFaultStorm } from './fault-storm.ts';
import { hasCause } from './sim-host.ts';
import type { SimMode } from './sim-mode.ts';
import { drawRun } from './sim-run.ts';
import type { SessionUnderTest } from './sim-process.ts';
import { simulateSwarm } from './sim-swarm.ts';
import type { SwarmOptions, SwarmResult } from './swarm-options.ts';

const RATE = 10_000_000;
const BLOCK_BYTES = 16_384;
const PIECE_BYTES = 4 * BLOCK_BYTES;
const MIDWAY_MS = 60;

function run(
  mode: SimMode,
  faults: readonly Fault[],
  options: Partial<SwarmOptions> = {},
): SwarmResult {
  return simulateSwarm({
    seed: 5,
    mode,
    sizes: { totalBytes: 30 * PIECE_BYTES, pieceBytes: PIECE_BYTES, blockBytes: BLOCK_BYTES },
    latencyMs: 0.5,
    linkBytesPerSecond: Array<number>(4).fill(RATE),
    uploadBytesPerSecond: RATE,
    writeMs: 2,
    startsWithinMs: 0,
    faults,
    ...options,
  });
}

function statesOf({ agents }: SwarmResult): string[] {
  return agents.map(({ state }) => state);
}

const SERVER_IS_GONE: Fault = { kind: 'kill', host: 0, atMs: MIDWAY_MS, mode: 'reset' };
const AGENT_IS_GONE: Fault = { kind: 'kill', host: 2, atMs: MIDWAY_MS, mode: 'vanish' };
const DISK_IS_FULL: Fault = { kind: 'diskFull', host: 3, atMs: MIDWAY_MS };
const NEVER_STARTS: Fault = { kind: 'neverStarts', host: 1, atMs: 0 };
const ALL_OF_IT = [SERVER_IS_GONE, AGENT_IS_GONE, DISK_IS_FULL, NEVER_STARTS];

describe('a swarm whose server has died', () => {
  it('is not asked to complete in safety mode, and its faults are counted', () => {
    const result = run('safety', ALL_OF_IT);
    expect(result.violations).toEqual([]);
    expect(statesOf(result)).not.toContain('complete');
    expect(result.struckFaultCount).toBe(ALL_OF_IT.length);
  });

  it('completes on every host once all are healed', () => {
    const result = run('liveness', ALL_OF_IT);
    expect(result.violations).toEqual([]);
    expect(statesOf(result)).toEqual(['complete', 'complete', 'complete']);
  });

  it('is found to be stuck where survivors must complete', () => {
    expect(run('survival', [SERVER_IS_GONE]).concerns).toEqual(['stuck']);
  });
});

describe('what a host says', () => {
  /** Says that the task is finished with the first piece that is stored. */
  function boasts(options: TaskSessionOptions): SessionUnderTest {
    const session = new TaskSession(options);
    return {
      handle: (event, nowMs): readonly SessionEffect[] => {
        const effects = session.handle(event, nowMs);
        return event.type === 'pieceStored' ? [...effects, { type: 'finished' }] : effects;
      },
      nextWakeAtMs: () => session.nextWakeAtMs(),
    };
  }

  it('is checked against its disk when it says that it has finished', () => {
    const { concerns, violations } = run('safety', [], { createSession: boasts });
    expect(concerns).toEqual(['falseStatus']);
    expect(violations[0]).toContain('says finished with 1 pieces on its disk');
  });

  it('is false when a task fails and nothing was wrong that could be the cause', () => {
    const ofServer: Fault = { kind: 'corrupt', host: 0, atMs: 1, blockCount: 1 };
    expect(hasCause('STORE_FAILED', false, [])).toBe(false);
    expect(hasCause('STORE_FAILED', true, [])).toBe(true);
    expect(hasCause('INTEGRITY', false, [{ ...ofServer, host: 1 }])).toBe(false);
    expect(hasCause('INTEGRITY', false, [ofServer])).toBe(true);
    expect(hasCause('NO_SOURCE_REACHABLE', false, [])).toBe(false);
    expect(hasCause('NO_SOURCE_REACHABLE', false, [SERVER_IS_GONE])).toBe(true);
  });
});

describe('a storm', () => {
  const storms = Array.from({ length: 300 }, (_, seed) =>
    drawFaultStorm(createPrng(seed), { agentCount: 3, withinMs: 1_000 }),
  );

  it('has from 1 to 40 faults', () => {
    expect(Math.min(...storms.map(({ length }) => length))).toBe(1);
    expect(Math.max(...storms.map(({ length }) => length))).toBe(40);
  });

  it('kills the server for good, and makes it send wrong bytes, some of the time', () => {
    const ofServer = storms.flat().filter(({ host }) => host === 0);
    const isFinal = (fault: Fault): boolean =>
      fault.kind === 'kill' && fault.restartAfterMs === undefined;
    expect(ofServer.some(isFinal)).toBe(true);
    expect(ofServer.some(({ kind }) => kind === 'corrupt')).toBe(true);
  });

  it('has peers that lie in some meshes, at most a third of them, and never in a chain', () => {
    const liarsOf = (shape: 'chain' | 'mesh'): number[] =>
      Array.from({ length: 60 }, (_, seed) => {
        const { liars, linkBytesPerSecond } = drawRun({ seed, mode: 'safety', shape });
        return (liars?.size ?? 0) / (linkBytesPerSecond.length - 1);
      });
    expect(Math.max(...liarsOf('mesh'))).toBeGreaterThan(0);
    expect(Math.max(...liarsOf('mesh'))).toBeLessThanOrEqual(1 / 3);
    expect(Math.max(...liarsOf('chain'))).toBe(0);
  });
});
