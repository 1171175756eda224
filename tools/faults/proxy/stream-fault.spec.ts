import { describe, expect, it } from 'vitest';
import { SeededChoice } from '../seeded-choice.ts';
import { StreamDistortion, type StreamFault } from './stream-fault.ts';

const INPUT = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 251));

function distort(fault: StreamFault, chunkBytes: number): { output: Buffer; end?: string } {
  const distortion = new StreamDistortion(fault, new SeededChoice('seed 1'));
  const parts: Buffer[] = [];
  for (let at = 0; at < INPUT.length; at += chunkBytes) {
    const distorted = distortion.push(INPUT.subarray(at, at + chunkBytes));
    parts.push(...distorted.parts);
    if (distorted.end) return { output: Buffer.concat(parts), end: distorted.end };
  }
  return { output: Buffer.concat(parts) };
}

describe.each([1, 7, 100, 1000])('in chunks of %i bytes', (chunkBytes) => {
  it('passes on everything unless told otherwise, also in single bytes and late', () => {
    expect(distort({ kind: 'none' }, chunkBytes).output).toEqual(INPUT);
    expect(distort({ kind: 'delay', delayMs: 5 }, chunkBytes).output).toEqual(INPUT);
    expect(distort({ kind: 'trickle', pauseMs: 5 }, chunkBytes).output).toEqual(INPUT);
  });

  it('flips one bit in each section, the same ones for the same seed', () => {
    const fault: StreamFault = { kind: 'flip', everyBytes: 100 };
    const { output } = distort(fault, chunkBytes);
    const wrong = [...INPUT.keys()].filter((at) => output[at] !== INPUT[at]);
    expect(wrong.map((at) => Math.floor(at / 100))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const turned = wrong.map((at) => (output[at] ?? 0) ^ (INPUT[at] ?? 0));
    expect(turned.every((bits) => Math.log2(bits) % 1 === 0)).toBe(true);
    expect(distort(fault, 13).output).toEqual(output);
  });

  it.each([0, 1, 99, 100, 101, 1000])('cuts after exactly %i bytes', (afterBytes) => {
    const { output, end } = distort({ kind: 'cut', afterBytes, isReset: true }, chunkBytes);
    expect(output).toEqual(INPUT.subarray(0, afterBytes));
    expect(end).toBe('reset');
  });

  it('leaves out bytes at one place', () => {
    const { output } = distort({ kind: 'drop', atByte: 95, byteCount: 10 }, chunkBytes);
    expect(output).toEqual(Buffer.concat([INPUT.subarray(0, 95), INPUT.subarray(105)]));
  });

  it('swallows everything', () => {
    expect(distort({ kind: 'silence' }, chunkBytes)).toEqual({ output: Buffer.of() });
  });
});
