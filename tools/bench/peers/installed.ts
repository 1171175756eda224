/** Looks for programs on the PATH; nothing is run for it. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** @returns the programs that are not there, as one phrase; undefined when all are */
export function missingPrograms(...programs: string[]): Promise<string | undefined> {
  const missing = programs.filter((program) => !isOnPath(program));
  return Promise.resolve(missing.length === 0 ? undefined : missing.join(', '));
}
