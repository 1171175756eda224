import { describe, expect, it } from 'vitest';
import type { AnnounceDto } from '@gofd/task-model';
import { ManualClock } from '../../test/manual-clock.ts';
import { AgentInventory, ALIVE_FOR_MS, FORGOTTEN_AFTER_MS } from './agent-inventory.ts';

const AT = new Date('2026-11-25T03:00:00.000Z');

function anAgent(last: number, more: Partial<AnnounceDto> = {}): AnnounceDto {
  const address = `10.0.0.${last}:45010`;
  return { name: `web-${last}`, address, dataPort: 1, version: '0.1.0', freeBytes: 5, ...more };
}

function anInventory(maxAgents?: number) {
  const clock = new ManualClock();
  return { clock, inventory: new AgentInventory(clock, 45_010, maxAgents) };
}

const codeOf = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe('AgentInventory', () => {
  it('shows each agent once, as it said last, and whether it is alive', () => {
    const { clock, inventory } = anInventory();
    inventory.announce(anAgent(2), AT);
    inventory.announce(anAgent(1, { zone: 'a', labels: { role: 'web' } }), AT);
    clock.advance(ALIVE_FOR_MS - 1);
    inventory.announce(anAgent(1, { freeBytes: 4 }), AT);
    clock.advance(1);
    expect(inventory.list()).toEqual([
      { ...anAgent(1, { freeBytes: 4 }), lastSeenAt: AT.toISOString(), isAlive: true },
      { ...anAgent(2), lastSeenAt: AT.toISOString(), isAlive: false },
    ]);
  });

  it('forgets who was silent for a day', () => {
    const { clock, inventory } = anInventory();
    inventory.announce(anAgent(1), AT);
    clock.advance(FORGOTTEN_AFTER_MS);
    expect(inventory.list()).toHaveLength(1);
    clock.advance(1);
    expect(inventory.list()).toEqual([]);
  });

  it('at its bound takes a new agent for one that is down, and refuses it when all are alive', () => {
    const { clock, inventory } = anInventory(2);
    inventory.announce(anAgent(1), AT);
    inventory.announce(anAgent(2), AT);
    expect(codeOf(() => inventory.announce(anAgent(3), AT))).toBe('TOO_MANY_AGENTS');
    clock.advance(ALIVE_FOR_MS);
    inventory.announce(anAgent(2), AT);
    inventory.announce(anAgent(3), AT);
    expect(inventory.list().map(({ name }) => name)).toEqual(['web-2', 'web-3']);
  });

  it('finds the members of groups, each host once, after those that were named', () => {
    const { inventory } = anInventory();
    inventory.announce(anAgent(1, { zone: 'a', labels: { role: 'web' } }), AT);
    inventory.announce(anAgent(2, { zone: 'b', labels: { role: 'web' } }), AT);
    inventory.announce(anAgent(3, { zone: 'a', labels: { role: 'db' } }), AT);
    const destIPs = ['10.9.9.9', '10.0.0.2'];
    const hosts = (...destGroups: string[]) => inventory.hostsFor({ destIPs, destGroups });
    expect(hosts('role=web')).toEqual([...destIPs, '10.0.0.1:45010']);
    expect(hosts('role=web,zone=a', 'role=db')).toEqual([
      ...destIPs,
      '10.0.0.1:45010',
      '10.0.0.3:45010',
    ]);
    expect(codeOf(() => hosts('role=web', 'role=cache'))).toBe('DEST_GROUP_EMPTY');
    expect(inventory.hostsFor({ destIPs })).toBe(destIPs);
  });
});
