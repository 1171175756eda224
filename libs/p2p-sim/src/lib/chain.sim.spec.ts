/** Single faults in a plain chain, each with the answer that it must get. */
import { TaskSession } from '@gofd/p2p-protocol';
import { describe, expect, it } from 'vitest';
import type { Fault } from './fault-plan.ts';
import { simulateSwarm } from './sim-swarm.ts';
import type { SwarmOptions, SwarmResult } from './swarm-options.ts';

const KIB = 1_024;
const RATE = 25_000_000;
const PIECE_BYTES = 256 * KIB;
const PIECES = 64;
const AGENTS = 8;
const TOTAL_BYTES = PIECES * PIECE_BYTES;
/** Time that one link takes for the whole task. */
const LINK_MS = (1_000 * TOTAL_BYTES) / RATE;
/** In the middle of the transfer. */
const MIDWAY_MS = LINK_MS / 2;

function aChain(
  options: Partial<SwarmOptions> & { readonly agentCount?: number } = {},
): SwarmResult {
  const { agentCount = AGENTS, ...rest } = options;
  return simulateSwarm({
    seed: 1,
    sizes: { totalBytes: TOTAL_BYTES, pieceBytes: PIECE_BYTES, blockBytes: 32 * KIB },
    latencyMs: 0.2,
    linkBytesPerSecond: Array<number>(agentCount + 1).fill(RATE),
    uploadBytesPerSecond: Infinity,
    writeMs: 1,
    startsWithinMs: 0,
    faults: [],
    ...rest,
  });
}

function withFault(...faults: Fault[]): SwarmResult {
  const result = aChain({ faults });
  expect(result.violations).toEqual([]);
  return result;
}

function statesOf({ agents }: SwarmResult): string[] {
  return agents.map(({ state }) => state);
}

/** When the last of those that completed was done. */
function makespanMs({ agents }: SwarmResult): number {
  return Math.max(...agents.map(({ completedAtMs }) => completedAtMs ?? 0));
}

/** States of a chain in which only one agent, counted from 1, does not complete. */
function allBut(agent: number, state: string): string[] {
  const states = Array<string>(AGENTS).fill('complete');
  states[agent - 1] = state;
  return states;
}

describe('a healthy chain', () => {
  it.each([2, 8, 16])(
    'of %i agents takes what a pipeline of pieces takes, and the server sends each byte once',
    (agentCount) => {
      // The geometry of wire v1: small pieces cost a round trip each until a backlog has built up.
      const pieceBytes = 1_024 * KIB;
      const totalBytes = PIECES * pieceBytes;
      const sizes = { totalBytes, pieceBytes, blockBytes: 32 * KIB };
      const result = aChain({ agentCount, sizes });
      const pipelineMs = (1_000 * pieceBytes * (PIECES + agentCount - 1)) / RATE;
      expect(result.violations).toEqual([]);
      expect(result.serverSentBytes).toBe(totalBytes);
      expect(makespanMs(result) / pipelineMs).toBeGreaterThanOrEqual(1);
      expect(makespanMs(result) / pipelineMs).toBeLessThan(1.1);
    },
  );

  it('completes at the upload limit where that is lower than the link', () => {
    const result = aChain({ uploadBytesPerSecond: RATE / 4 });
    const pipelineMs = (4 * LINK_MS * (PIECES + AGENTS - 1)) / PIECES;
    expect(result.violations).toEqual([]);
    expect(makespanMs(result) / pipelineMs).toBeGreaterThan(0.93); // each hop may burst
    expect(makespanMs(result) / pipelineMs).toBeLessThan(1.1);
  });

  it('lets a slow agent delay those below it and nobody above', () => {
    const linkBytesPerSecond = Array<number>(AGENTS + 1).fill(RATE);
    linkBytesPerSecond[5] = RATE / 10;
    const { agents, violations } = aChain({ linkBytesPerSecond });
    expect(violations).toEqual([]);
    for (const { completedAtMs = Infinity } of agents.slice(0, 4)) {
      expect(completedAtMs).toBeLessThan(1.3 * LINK_MS);
    }
  });
});

describe('a chain that loses a member', () => {
  it('B20: goes on past an agent that dies in the middle', () => {
    const result = withFault({ kind: 'kill', host: 4, atMs: MIDWAY_MS, mode: 'reset' });
    expect(statesOf(result)).toEqual(allBut(4, 'dead'));
    expect(makespanMs(result)).toBeLessThan(2 * LINK_MS);
    expect(result.serverSentBytes).toBe(TOTAL_BYTES);
  });

  it('B20: goes on past a machine that vanishes without a word', () => {
    const result = withFault({ kind: 'kill', host: 4, atMs: MIDWAY_MS, mode: 'vanish' });
    expect(statesOf(result)).toEqual(allBut(4, 'dead'));
    expect(makespanMs(result)).toBeLessThan(60_000);
  });

  it('B20: completes when all agents but the last die', () => {
    const faults = Array.from({ length: AGENTS - 1 }, (_, index): Fault => ({
      kind: 'kill',
      host: index + 1,
      atMs: MIDWAY_MS + 10 * index,
      mode: 'reset',
    }));
    const result = withFault(...faults);
    expect(statesOf(result).at(-1)).toBe('complete');
  });

  it('B20: goes on when the server dies and comes back', () => {
    const result = withFault({
      kind: 'kill',
      host: 0,
      atMs: MIDWAY_MS,
      mode: 'reset',
      restartAfterMs: 20_000,
    });
    expect(statesOf(result)).toEqual(Array(AGENTS).fill('complete'));
    expect(result.serverSentBytes).toBeLessThan(2 * TOTAL_BYTES);
  });

  it('an agent that restarts keeps what it had stored and fetches the rest', () => {
    const storedAtStart: number[] = [];
    const result = aChain({
      faults: [{ kind: 'kill', host: 3, atMs: MIDWAY_MS, mode: 'reset', restartAfterMs: 500 }],
      createSession: (options) => {
        storedAtStart.push(options.stored.count);
        return new TaskSession(options);
      },
    });
    expect(result.violations).toEqual([]);
    expect(statesOf(result)).toEqual(Array(AGENTS).fill('complete'));
    const resumedWith = storedAtStart.at(-1) ?? 0;
    expect(resumedWith).toBeGreaterThan(PIECES / 4);
    expect(resumedWith).toBeLessThan(PIECES);
  });

  it('B26: goes on past an agent that falls silent', () => {
    const result = withFault({ kind: 'stall', host: 4, atMs: MIDWAY_MS, forMs: 300_000 });
    const othersMs = result.agents
      .filter((_, index) => index !== 3)
      .map(({ completedAtMs }) => completedAtMs ?? Infinity);
    expect(Math.max(...othersMs)).toBeLessThan(60_000);
    expect(statesOf(result)).toEqual(Array(AGENTS).fill('complete'));
  });

  it('B23: a silent agent delays nobody above it', () => {
    const { agents } = withFault({ kind: 'stall', host: 4, atMs: MIDWAY_MS, forMs: 300_000 });
    for (const { completedAtMs = Infinity } of agents.slice(0, 3)) {
      expect(completedAtMs).toBeLessThan(1.2 * LINK_MS);
    }
  });

  it('B27: drops an agent that corrupts what it sends, and spreads none of it', () => {
    const result = withFault({ kind: 'corrupt', host: 4, atMs: 0, blockCount: 1_000_000 });
    expect(statesOf(result)).toEqual(Array(AGENTS).fill('complete'));
    expect(makespanMs(result)).toBeLessThan(60_000);
  });

  it('B27: fails with INTEGRITY everywhere when the server itself sends nothing good', () => {
    const faults: Fault[] = [{ kind: 'corrupt', host: 0, atMs: 0, blockCount: 1_000_000_000 }];
    const result = aChain({ agentCount: 1, faults });
    expect(result.agents.map(({ failure }) => failure)).toEqual(['INTEGRITY']);
  });

  it('B28: an agent whose disk is full fails alone', () => {
    const result = withFault({ kind: 'diskFull', host: 4, atMs: MIDWAY_MS });
    expect(statesOf(result)).toEqual(allBut(4, 'failed'));
    expect(result.agents[3]?.failure).toBe('STORE_FAILED');
    expect(makespanMs(result)).toBeLessThan(2 * LINK_MS);
  });

  it('goes on past any number of agents in a row that know the task and never start', () => {
    const idle = [2, 3, 4, 5].map((host): Fault => ({ kind: 'neverStarts', host, atMs: 0 }));
    const result = withFault(...idle);
    expect(statesOf(result)).toEqual([
      'complete',
      ...Array<string>(4).fill('idle'),
      ...Array<string>(3).fill('complete'),
    ]);
  });
});
