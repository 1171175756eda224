import { join } from 'node:path';
import { randomFile } from '../../e2e/copies.ts';
import { ALL_COMPLETED, type Fault } from '../fault.ts';

const TASKS = 20;
/** Every fifth has a source that is not there. */
const FAILS_EVERY = 5;
const FILE_BYTES = 1_000_000;
const DEADLINE_MS = 90_000;

export const manyTasks: Fault = {
  id: 'F34',
  title: '20 more tasks at once to the same agents, every fifth without its source',
  expected: 'those fail with SOURCE_NOT_FOUND, all others complete',
  phases: ['P1', 'P4'],
  setting: { maxActive: 4 },
  deadlineMs: DEADLINE_MS,
  async inject(lab) {
    const ids = Array.from({ length: TASKS }, (_, index) => `more-${index}`);
    const isBad = (index: number): boolean => index % FAILS_EVERY === 0;
    const pathOf = (id: string): string => join(lab.cluster.folder, 'src', id);
    for (const [index, id] of ids.entries()) {
      if (!isBad(index)) await randomFile(pathOf(id), FILE_BYTES);
    }
    lab.noteSources(...ids.map(pathOf));
    lab.outside = lab.walkOutside();
    await Promise.all(ids.map((id) => lab.createTask(id, pathOf(id))));
    const tasks = await Promise.all(ids.map((id) => lab.waitForEnd(id, DEADLINE_MS)));
    const wrong = tasks.filter(
      ({ status, code }, index) =>
        status !== (isBad(index) ? 'FILE_NOT_EXISTED' : 'COMPLETED') ||
        (isBad(index) && code !== 'SOURCE_NOT_FOUND'),
    );
    if (wrong.length > 0) throw new Error(`wrong ends: ${JSON.stringify(wrong[0])}`);
    return ALL_COMPLETED;
  },
};
