import { describe, expect, it } from 'vitest';
import {
  boundSeconds,
  describeWorkload,
  fileBytes,
  healthyHosts,
  MAX_HOSTS,
  parseWorkload,
  WORKLOADS,
  type Workload,
} from './workloads.ts';

function parsed(text: string): Workload {
  const workload = parseWorkload(text);
  if (typeof workload === 'string') throw new Error(workload);
  return workload;
}

describe('the table of workloads', () => {
  it('has names that are found again, and faults that its own rules allow', () => {
    for (const workload of WORKLOADS) {
      expect(parseWorkload(workload.name)).toBe(workload);
      expect(healthyHosts(workload).length).toBeGreaterThan(0);
    }
    expect(new Set(WORKLOADS.map(({ name }) => name)).size).toBe(WORKLOADS.length);
  });

  it('moves whole bytes, 64 KiB in the small one', () => {
    expect(fileBytes(parsed('small'))).toBe(65_536);
    expect(fileBytes(parsed('8x200'))).toBe(256 * 1024 * 1024);
  });

  it('waits for neither slow nor killed hosts', () => {
    expect(healthyHosts(parsed('slow'))).toEqual([1, 3, 4, 5, 6, 7, 8]);
    expect(healthyHosts(parsed('kill'))).toEqual([1, 2, 4, 5, 7, 8]);
  });
});

describe('parseWorkload', () => {
  it('reads hosts, rate and size, and any number of slow and killed hosts', () => {
    const workload = parsed('4:200:16:slow=2@20:kill=3@1.5:kill=4@2');
    expect(workload).toMatchObject({ hosts: 4, rateMbit: 200, sizeMiB: 16 });
    expect(workload.slow).toEqual([{ host: 2, rateMbit: 20 }]);
    expect(workload.kills).toEqual([
      { host: 3, atSeconds: 1.5 },
      { host: 4, atSeconds: 2 },
    ]);
    expect(healthyHosts(workload)).toEqual([1]);
  });

  it('takes as many hosts as the network has addresses, and not one more', () => {
    expect(parsed(`${MAX_HOSTS}:0:1`).hosts).toBe(MAX_HOSTS);
    expect(parseWorkload(`${MAX_HOSTS + 1}:0:1`)).toContain('hosts');
  });

  it.each([
    ['nothing', 'no workload'],
    ['3:200', 'no workload'],
    ['0:200:16', 'hosts'],
    ['1.5:200:16', 'hosts'],
    ['3:-1:16', 'rate'],
    ['3:x:16', 'rate'],
    ['3:200:0', 'size'],
    ['3:200:1e9', 'size'],
    ['3:200:16:slow=4@20', 'no host 4'],
    ['3:200:16:kill=0@1', 'no host 0'],
    ['3:200:16:slow=2@0', 'rate above 0'],
    ['3:200:16:fast=2@20', 'fast=2@20'],
    ['1:200:16:kill=1@1', 'no host stays healthy'],
  ])('refuses %s and says why', (text, why) => {
    expect(parseWorkload(text)).toContain(why);
  });
});

describe('boundSeconds', () => {
  it('is the file over the payload rate of one link', () => {
    expect(boundSeconds(parsed('8x200'))).toBeCloseTo(11.23, 2);
  });

  it('does not exist without shaping', () => {
    expect(boundSeconds(parsed('cpu'))).toBeUndefined();
  });
});

describe('describeWorkload', () => {
  it('says what goes wrong, and small sizes in KiB', () => {
    expect(describeWorkload(parsed('4:200:16:slow=2@20:kill=3@1.5'))).toBe(
      '4 hosts, 200 Mbit/s, 16 MiB, host 2 at 20 Mbit/s, host 3 killed after 1.5 s',
    );
    expect(describeWorkload(parsed('small'))).toBe('32 hosts, unshaped, 64 KiB');
  });
});
