import { describe, expect, it } from 'vitest';
import { burstKb, MAX_PACKET_BYTES, shapingArguments } from './shaping.ts';

describe('burstKb', () => {
  it('is 4 ms of line rate', () => {
    expect(burstKb(200)).toBe(100);
    expect(burstKb(1000)).toBe(500);
  });

  it('is never below 64 KB', () => {
    expect(burstKb(128)).toBe(64);
    expect(burstKb(130)).toBe(65);
    expect(burstKb(20)).toBe(64);
  });
});

describe('MAX_PACKET_BYTES', () => {
  it('fits the smallest bucket with a header for each of its parts', () => {
    const headers = Math.ceil(MAX_PACKET_BYTES / 1448) * 66;
    expect(MAX_PACKET_BYTES + headers).toBeLessThanOrEqual(burstKb(1) * 1024);
  });
});

describe('shapingArguments', () => {
  it('gives tc one token bucket for one device of one namespace', () => {
    expect(shapingArguments('lab-h3', 'e0', 200).join(' ')).toBe(
      '-n lab-h3 qdisc add dev e0 root tbf rate 200mbit burst 100k latency 40ms',
    );
  });
});
