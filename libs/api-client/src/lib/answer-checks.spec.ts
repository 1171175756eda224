import { describe, expect, it } from 'vitest';
import { isAgentList, isHostPage, isTaskList, isTaskView } from './answer-checks.ts';

const SUMMARY = { id: 'a', status: 'COMPLETED', hostCounts: {} };
const HOST = { status: 'COMPLETED', percentComplete: 100 };
const VIEW = { ...SUMMARY, dispatchFiles: ['/a'], dispatchInfos: { h: HOST } };

describe('checks of answers', () => {
  it('take what a server says', () => {
    expect(isTaskView(VIEW)).toBe(true);
    expect(isTaskList({ tasks: [SUMMARY] })).toBe(true);
    expect(isHostPage({ hosts: [{ host: 'h', ...HOST }], next: '1' })).toBe(true);
    expect(isAgentList({ agents: [{ address: 'h:1', version: '0.1.0' }] })).toBe(true);
  });

  it.each([
    ['another object', { hello: 'world' }],
    ['a state of another version', { ...VIEW, status: 'PAUSED', tasks: [{ status: 'PAUSED' }] }],
    [
      'a host without percent',
      { ...VIEW, dispatchInfos: { a: {} }, tasks: [null], hosts: [{ status: 'INIT' }] },
    ],
    ['a list of texts', { tasks: ['a'], hosts: ['a'], agents: ['a'] }],
  ])('call %s foreign', (_title, answer) => {
    for (const isOurs of [isTaskView, isTaskList, isHostPage, isAgentList]) {
      expect(isOurs(answer)).toBe(false);
    }
  });
});
