import { describe, expect, it } from 'vitest';
import type { HostRow } from '@gofd/task-model';
import { aHostRow } from '../../test/a-host-row.ts';
import { buildSwarm, MAX_SWARM_HOSTS, rankSwarm, type SwarmGraph } from './swarm-graph.ts';

/** `b: a 3, server 1` as a row. */
function fedBy(host: string, sources: Readonly<Record<string, number>>): HostRow {
  const list = Object.entries(sources).map(([name, bytes]) => ({ host: name, bytes }));
  return aHostRow(host, { sources: list });
}

const swarmOf = (rows: readonly HostRow[], selected?: string): SwarmGraph =>
  buildSwarm(rankSwarm(rows), selected);

describe('the picture of a swarm', () => {
  it('has the server on the left and each host right of its greatest source', () => {
    const { nodes, edges } = swarmOf([
      fedBy('a', { server: 10 }),
      fedBy('b', { a: 3, server: 1 }),
      fedBy('c', { b: 5, a: 4 }),
    ]);
    const levels = Object.fromEntries(nodes.map(({ name, level }) => [name, level]));
    expect(levels).toEqual({ server: 0, a: 1, b: 2, c: 3 });
    expect(edges).toContainEqual({ from: 'a', to: 'b', bytes: 3, share: 0.75 });
  });

  it('ends where hosts feed each other', () => {
    const { nodes } = swarmOf([fedBy('a', { b: 1 }), fedBy('b', { a: 1 })]);
    expect(nodes.map(({ level }) => level)).toEqual([7, 7]);
    expect(nodes.map(({ place }) => place)).toEqual([0, 1]);
  });

  it('shows of many hosts those that move most, and the chosen one with its neighbours', () => {
    const rows = Array.from({ length: 500 }, (_, index) => fedBy(`h${index}`, { server: index }));
    rows.push(fedBy('quiet', { h0: 0 }));
    const busiest = swarmOf(rows);
    expect(busiest.hostCount).toBe(501);
    expect(busiest.edges).toHaveLength(MAX_SWARM_HOSTS);
    expect(busiest.nodes.map(({ name }) => name)).toContain('h499');
    expect(busiest.nodes.map(({ name }) => name)).not.toContain('quiet');

    const chosen = swarmOf(rows, 'quiet');
    expect(chosen.edges).toHaveLength(MAX_SWARM_HOSTS);
    expect(chosen.nodes.map(({ name }) => name)).toEqual(expect.arrayContaining(['quiet', 'h0']));
  });

  it('is empty where nothing was measured', () => {
    expect(swarmOf([aHostRow('a')])).toEqual({ nodes: [], edges: [], hostCount: 0 });
  });
});
