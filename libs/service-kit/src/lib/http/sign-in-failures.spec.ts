import { describe, expect, it } from 'vitest';
import {
  FORGET_AFTER_MS,
  LOCK_FIRST_MS,
  LOCK_MAX_MS,
  MAX_SIGN_IN_FAILURES,
  MAX_TRACKED_ADDRESSES,
  SignInFailures,
} from './sign-in-failures.ts';

const GUESSER = '10.0.0.1';

function afterFailures(count: number, address = GUESSER): SignInFailures {
  const failures = new SignInFailures();
  for (let failed = 0; failed < count; failed++) failures.failed(address, 0);
  return failures;
}

describe('S03: an address that guesses', () => {
  it('may fail a few times, and is shut out at the limit', () => {
    expect(afterFailures(MAX_SIGN_IN_FAILURES - 1).waitMs(GUESSER, 0)).toBe(0);
    expect(afterFailures(MAX_SIGN_IN_FAILURES).waitMs(GUESSER, 0)).toBe(LOCK_FIRST_MS);
  });

  it('waits twice as long after each further failure, up to LOCK_MAX_MS', () => {
    const waits = [1, 2, 3, 100].map((more) =>
      afterFailures(MAX_SIGN_IN_FAILURES + more).waitMs(GUESSER, 0),
    );
    expect(waits).toEqual([2 * LOCK_FIRST_MS, 4 * LOCK_FIRST_MS, 8 * LOCK_FIRST_MS, LOCK_MAX_MS]);
  });

  it('may try again when its time is over, and one failure shuts it out anew', () => {
    const failures = afterFailures(MAX_SIGN_IN_FAILURES);
    expect(failures.waitMs(GUESSER, LOCK_FIRST_MS - 1)).toBe(1);
    expect(failures.waitMs(GUESSER, LOCK_FIRST_MS)).toBe(0);
    failures.failed(GUESSER, LOCK_FIRST_MS);
    expect(failures.waitMs(GUESSER, LOCK_FIRST_MS)).toBe(2 * LOCK_FIRST_MS);
  });

  it('is unknown again after a success, or after FORGET_AFTER_MS', () => {
    const failures = afterFailures(MAX_SIGN_IN_FAILURES - 1);
    failures.succeeded(GUESSER);
    failures.failed(GUESSER, 0);
    expect(failures.waitMs(GUESSER, 0)).toBe(0);
    const old = afterFailures(MAX_SIGN_IN_FAILURES - 1);
    old.failed(GUESSER, FORGET_AFTER_MS);
    expect(old.waitMs(GUESSER, FORGET_AFTER_MS)).toBe(0);
  });

  it('is alone shut out, with the other spellings and neighbours that are the same host', () => {
    const failures = afterFailures(MAX_SIGN_IN_FAILURES, '::ffff:10.0.0.1');
    expect(failures.waitMs(GUESSER, 0)).toBe(LOCK_FIRST_MS);
    expect(failures.waitMs('10.0.0.2', 0)).toBe(0);
    const six = afterFailures(MAX_SIGN_IN_FAILURES, '2001:db8::1');
    expect(six.waitMs('2001:db8:0:0:ffff::2', 0)).toBe(LOCK_FIRST_MS);
    expect(six.waitMs('2001:db8:0:1::1', 0)).toBe(0);
    expect(afterFailures(MAX_SIGN_IN_FAILURES, '::1').waitMs('::1', 0)).toBe(LOCK_FIRST_MS);
  });

  it('S20: is forgotten when MAX_TRACKED_ADDRESSES others have failed since', () => {
    const failures = afterFailures(MAX_SIGN_IN_FAILURES);
    for (let index = 1; index < MAX_TRACKED_ADDRESSES; index++) failures.failed(`a${index}`, 0);
    expect(failures.waitMs(GUESSER, 0)).toBe(LOCK_FIRST_MS);
    failures.failed('one more', 0);
    expect(failures.waitMs(GUESSER, 0)).toBe(0);
    expect(failures.trackedCount).toBe(MAX_TRACKED_ADDRESSES);
  });
});
