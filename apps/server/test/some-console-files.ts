/** A console of two files, as a build would have left it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConsoleFiles, type ConsoleFiles } from '../src/console/console-files.ts';

export const CONSOLE_PAGE = '<!doctype html><title>console</title>';
export const CONSOLE_SCRIPT = 'console.log("here");\n'.repeat(50);

export function someConsoleFiles(assetName: string): ConsoleFiles {
  const folder = mkdtempSync(join(tmpdir(), 'gofd-console-'));
  try {
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), CONSOLE_PAGE);
    writeFileSync(join(folder, 'assets', assetName), CONSOLE_SCRIPT);
    writeFileSync(join(folder, 'assets', `${assetName}.map`), '{}');
    const files = readConsoleFiles(folder);
    if (!files) throw new Error('the folder was just written');
    return files;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
