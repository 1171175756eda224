/** Where the bytes of a task come from: opened read-only and hashed before anyone is told of them. */
import type { FailureCode, MetaInfoDto } from '@gofd/task-model';

/** Source files that are open for reading, with the hashes of their pieces. */
export interface PreparedSource {
  readonly metaInfo: MetaInfoDto;
  /** Bytes of all files together. */
  readonly totalBytes: number;
  /** Releases the files. */
  close(): Promise<void>;
}

export interface PrepareOptions {
  /** Stops the hashing; `prepare` then rejects with whatever the abort brings. */
  readonly signal: AbortSignal;
  readonly onProgress?: (hashedBytes: number, totalBytes: number) => void;
}

export abstract class SourceCatalog {
  /**
   * @param paths absolute paths on this machine
   * @throws SourceError when a source cannot be distributed
   */
  abstract prepare(paths: readonly string[], options: PrepareOptions): Promise<PreparedSource>;
}

/** A source that cannot be distributed; code and message are those that the task ends with. */
export class SourceError extends Error {
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string) {
    super(message);
    this.name = 'SourceError';
    this.code = code;
  }
}
