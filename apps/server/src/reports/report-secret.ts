/** The secret of the report tokens: beside the state, as agents show their tokens to the next life too. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createReportSecret, REPORT_SECRET_BYTES } from '@gofd/auth-crypto';
import { StateError } from '../state/task-store.port.ts';

export const SECRET_FILE = 'report.key';
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/**
 * @param folder of the state; without one, the secret goes with the process, as its tasks do
 * @throws StateError when the secret can neither be read nor kept
 */
export function loadReportSecret(folder: string | undefined): Uint8Array {
  if (folder === undefined) return createReportSecret();
  const path = join(folder, SECRET_FILE);
  try {
    const kept = readIfThere(path);
    if (kept && kept.length >= REPORT_SECRET_BYTES) return kept;
    const made = createReportSecret();
    mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
    writeFileSync(`${path}.new`, made, { mode: FILE_MODE, flush: true });
    renameSync(`${path}.new`, path);
    return made;
  } catch (error) {
    throw new StateError(`cannot keep a secret in ${path}: ${String(error)}`, error);
  }
}

function readIfThere(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
