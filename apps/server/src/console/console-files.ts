/**
 * The built console, read once when the server starts. What is answered is looked up among these
 * files by name, so no path of a request ever reaches the disk.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export interface ConsoleFile {
  readonly contentType: string;
  readonly bytes: Buffer;
  readonly gzipped: Buffer;
}

export interface ConsoleFiles {
  readonly page: ConsoleFile;
  /** By the name below /assets/; each name holds a hash of its content. */
  readonly assets: ReadonlyMap<string, ConsoleFile>;
}

/** @returns undefined when no console has been built there */
export function readConsoleFiles(folder: string): ConsoleFiles | undefined {
  const assetsFolder = join(folder, 'assets');
  try {
    const names = readdirSync(assetsFolder).filter((name) => extname(name) in CONTENT_TYPES);
    return {
      page: readConsoleFile(join(folder, 'index.html')),
      assets: new Map(names.map((name) => [name, readConsoleFile(join(assetsFolder, name))])),
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function readConsoleFile(path: string): ConsoleFile {
  const bytes = readFileSync(path);
  const contentType = CONTENT_TYPES[extname(path)] ?? 'application/octet-stream';
  return { contentType, bytes, gzipped: gzipSync(bytes) };
}
