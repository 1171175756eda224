import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder that is gone when the test is over, and a way to put files in it. */
export function aFolder() {
  const path = mkdtempSync(join(tmpdir(), 'gofd-kit-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    write(name: string, content: string | Uint8Array, mode = 0o600): string {
      const file = join(path, name);
      writeFileSync(file, content, { mode });
      return file;
    },
  };
}
