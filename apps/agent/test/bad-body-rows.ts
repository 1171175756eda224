/** The bad bodies of this app's calls, from the files in bad-inputs, and how each is refused. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { ErrorBody } from '@gofd/task-model';
import { readBadBodies, type BadBodies, type BadBody } from '@gofd/task-model/testing';
import type { Answer } from './agent-under-test.ts';

/** @param file name of a data file, without its ending */
export function badBodies(file: string): BadBodies {
  return readBadBodies(readFileSync(new URL(`bad-inputs/${file}.json`, import.meta.url), 'utf8'));
}

export function expectRefusal(
  { status, body }: Answer<ErrorBody>,
  expected: Pick<BadBody, 'status' | 'code' | 'field'>,
): void {
  const found = { status, code: body.code, field: body.details?.[0]?.field };
  expect(found).toEqual({ status: expected.status, code: expected.code, field: expected.field });
  expect(body.statusCode).toBe(status);
  expect(body.message).not.toBe('');
}
