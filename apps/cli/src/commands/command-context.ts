/** What every command is handed. */
import type { Outcome } from '../exit-codes.ts';

export interface CommandContext {
  /** Folder that holds one folder for each built app; ends with a slash. */
  readonly appsFolder: URL;
  /** Says how the command ended, where that is not plain success. */
  finish(outcome: Outcome): void;
}
