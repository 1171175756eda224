import { describe, expect, it } from 'vitest';
import { aTask } from '../../test/a-task.ts';
import { readErrorAnswer, readTaskList, readTaskView } from './read-answer.ts';

const URL = 'http://10.0.0.1';

describe('answers of the server', () => {
  it('reads a task and a list of tasks', () => {
    const task = aTask();
    expect(readTaskView(JSON.stringify(task))).toEqual(task);
    expect(readTaskList(JSON.stringify({ tasks: [task] }))).toEqual([task]);
  });

  it.each([
    ['no JSON', '<html>'],
    ['nothing', ''],
    ['a list', '[]'],
    ['another object', '{"hello":"world"}'],
    ['a state of another version', JSON.stringify({ ...aTask(), status: 'PAUSED' })],
    ['a host without percent', JSON.stringify({ ...aTask(), dispatchInfos: { a: {} } })],
  ])('calls %s foreign', (_title, json) => {
    const foreign = expect.objectContaining({ outcome: 'unexpected' });
    expect(() => readTaskView(json)).toThrow(foreign);
    expect(() => readTaskList(json)).toThrow(foreign);
  });

  it.each([
    [400, 'refused'],
    [401, 'signIn'],
    [403, 'signIn'],
    [404, 'refused'],
    [409, 'refused'],
    [302, 'unexpected'],
    [500, 'unexpected'],
    [507, 'unexpected'],
  ])('%d means %s, with the code of the body', (statusCode, outcome) => {
    const error = readErrorAnswer(statusCode, '{"code":"SOME","message":"words"}', URL);
    expect(error).toMatchObject({ outcome, message: 'words', options: { code: 'SOME' } });
  });

  it('names the status when the body is not ours', () => {
    const error = readErrorAnswer(502, '<html>Bad gateway</html>', URL);
    expect(error).toMatchObject({ outcome: 'unexpected', options: { code: 'HTTP_502' } });
    expect(error.options.answerJson).toBeUndefined();
  });
});
