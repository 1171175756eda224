import { describe, expect, it } from 'vitest';
import { NameClaims } from './name-claims.ts';

describe('NameClaims', () => {
  it('names the first file that another task holds, and claims nothing then', () => {
    const claims = new NameClaims();
    expect(claims.claim('one', ['a', 'b'])).toBeUndefined();
    expect(claims.claim('two', ['x', 'b', 'a'])).toBe('b');
    expect(claims.claim('three', ['x'])).toBeUndefined();
  });

  it('lets a task claim its own names again', () => {
    const claims = new NameClaims();
    claims.claim('one', ['a', 'b']);
    expect(claims.claim('one', ['b', 'c'])).toBeUndefined();
    expect(claims.claim('two', ['c'])).toBe('c');
  });

  it('gives up all names of a task at once, and those of no other', () => {
    const claims = new NameClaims();
    claims.claim('one', ['a', 'b']);
    claims.claim('two', ['c']);
    claims.release('one');
    claims.release('nobody');
    expect(claims.claim('three', ['a', 'b'])).toBeUndefined();
    expect(claims.claim('three', ['c'])).toBe('c');
  });

  it('tells names apart that differ in case, as the file system does', () => {
    const claims = new NameClaims();
    claims.claim('one', ['File']);
    expect(claims.claim('two', ['file'])).toBeUndefined();
  });
});
