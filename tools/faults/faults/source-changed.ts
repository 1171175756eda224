import {
  appendFileSync,
  openSync,
  closeSync,
  renameSync,
  rmSync,
  truncateSync,
  writeSync,
  copyFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Fault } from '../fault.ts';

const CUT_BYTES = 1_000_000;

/** In place, in size, by another file of the same size, or altogether. */
const CHANGES: Record<string, (path: string) => void> = {
  edited(path) {
    const file = openSync(path, 'r+');
    writeSync(file, 'EDITED', CUT_BYTES);
    closeSync(file);
  },
  grown: (path) => appendFileSync(path, 'more'),
  cut: (path) => truncateSync(path, CUT_BYTES),
  replaced(path) {
    const other = join(dirname(path), 'other');
    copyFileSync(path, other);
    CHANGES.edited?.(other);
    renameSync(other, path);
  },
  deleted: (path) => rmSync(path),
};

export const sourceChanged: Fault = {
  id: 'F25',
  title: 'the source is edited, grows, is cut, replaced or deleted while it is sent',
  expected: 'SOURCE_CHANGED; no host shows a mix, the source is not written to',
  phases: ['P3', 'P4', 'P5'],
  setting: { fileMiB: 48 },
  inject(lab) {
    CHANGES[lab.choice.oneOf(Object.keys(CHANGES))]?.(lab.source);
    lab.noteSources();
    lab.outside = lab.walkOutside();
    const hosts = Object.fromEntries(
      lab.cluster.agents.map((_, index) => [index, { status: ['FAILED', 'COMPLETED'] }]),
    );
    return Promise.resolve({ task: ['FAILED'], code: 'SOURCE_CHANGED', hosts });
  },
};
