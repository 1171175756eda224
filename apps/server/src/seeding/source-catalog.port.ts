/** Where the bytes of a task come from: opened read-only and hashed before anyone is told of them. */
import type { FailureCode, MetaInfoDto } from '@gofd/task-model';

/** What agents have to know of the content: in v1 in the create call, in v2 a manifest of its own. */
export type PreparedContent =
  | { readonly wire: 1; readonly metaInfo: MetaInfoDto }
  | {
      readonly wire: 2;
      /** `digest` is BLAKE3 over `bytes`. */
      readonly manifest: { readonly bytes: Uint8Array; readonly digest: Uint8Array };
    };

/** Source files that are open for reading, with the hashes of their pieces. */
export interface PreparedSource {
  readonly content: PreparedContent;
  /** Bytes of all files together. */
  readonly totalBytes: number;
  /** Bytes of each file. */
  readonly fileBytes?: readonly number[];
  /** Of each file, what a change would change: compared with those of a later `prepare`. */
  readonly identities: readonly string[];
  /** Releases the files. */
  close(): Promise<void>;
}

export interface PrepareOptions {
  readonly wire: 1 | 2;
  /** Hosts of the task and what a link is taken to carry: how long pieces are goes by these. */
  readonly memberCount: number;
  readonly bytesPerSecond: number;
  /** Stops the hashing; `prepare` then rejects with whatever the abort brings. */
  readonly signal: AbortSignal;
  /** What was prepared before: not read again where the files are still the ones that were hashed. */
  readonly known?: KnownContent | undefined;
  readonly onProgress?: (hashedBytes: number, totalBytes: number) => void;
}

export type KnownContent = Pick<PreparedSource, 'content' | 'identities'>;

/** A file outside of what the server may distribute. */
export interface SourceRefusal {
  /** Its place among the paths that were asked about. */
  readonly index: number;
  readonly message: string;
}

export abstract class SourceCatalog {
  /**
   * The first of these files that may not be distributed, whatever state it is in; nothing is opened.
   * `prepare` asks again of the files that it has open.
   */
  abstract refusalOf(paths: readonly string[]): Promise<SourceRefusal | undefined>;

  /**
   * Whether the sources could be distributed, without reading them.
   * @returns bytes of each file
   * @throws SourceError when one cannot
   */
  abstract check(paths: readonly string[]): Promise<readonly number[]>;

  /**
   * @param paths absolute paths on this machine
   * @throws SourceError when a source cannot be distributed, or is not what `options.known` says
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
