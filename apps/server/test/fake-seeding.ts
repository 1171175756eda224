/** Sources and data port without files and sockets; tests decide when and how hashing ends. */
import { digestPiece } from '@gofd/piece-store';
import type { Failure, MetaInfoDto } from '@gofd/task-model';
import { Seeder, type SeedHandle, type SeedOptions } from '../src/seeding/seeder.port.ts';
import {
  SourceCatalog,
  type SourceError,
  type PreparedContent,
  type PreparedSource,
  type PrepareOptions,
} from '../src/seeding/source-catalog.port.ts';

/** The task of the captured vectors: two files, two pieces. */
export const META_INFO: MetaInfoDto = {
  length: 1_118_587,
  PieceLen: 1_048_576,
  pieces: 'tkvpiARx4wLOPC9hmRniKwrFv8uSWc/aqC/TPZnsueYouCqCX0Ts+A==',
  files: [
    { length: 1_118_576, path: '/src/', name: 'two.bin', sum: '' },
    { length: 11, path: '/src/', name: 'one.txt', sum: '' },
  ],
};

/** Two hosts are worth a mesh from here on: 16 MiB that the server would send otherwise. */
export const MESH_BYTES = 16 * 1024 * 1024;

/** What the server tells of a manifest of so many bytes; its content means nothing to it. */
export function aManifest(byteCount: number): { bytes: Buffer; digest: Buffer } {
  const bytes = Buffer.from(Array.from({ length: byteCount }, (_, index) => index % 251));
  return { bytes, digest: digestPiece(bytes, 'blake3') };
}

export class FakeSourceCatalog extends SourceCatalog {
  /** Of the task's files together; few bytes go to each host straight from the server. */
  totalBytes = META_INFO.length;
  /** What v2 tasks get. */
  manifest = aManifest(200);
  openCount = 0;
  /** Paths, once for each attempt that began. */
  readonly checked: string[] = [];
  readonly prepared: string[] = [];
  /** While set, hashing does not end before it resolves. */
  gate: Promise<void> | undefined;
  readonly #refusals = new Map<string, SourceError>();

  /** From now on this path cannot be distributed. */
  refuse(path: string, error: SourceError): void {
    this.#refusals.set(path, error);
  }

  allow(path: string): void {
    this.#refusals.delete(path);
  }

  refusalOf(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  check(paths: readonly string[]): Promise<readonly number[]> {
    this.checked.push(...paths);
    const refusal = this.#refusalOf(paths);
    if (refusal) return Promise.reject(refusal);
    return Promise.resolve(paths.map((_, index) => (index === 0 ? this.totalBytes : 0)));
  }

  async prepare(
    paths: readonly string[],
    { wire, signal, known }: PrepareOptions,
  ): Promise<PreparedSource> {
    this.prepared.push(...paths);
    await Promise.race([this.gate, aborted(signal, this.gate !== undefined)]);
    const refusal = this.#refusalOf(paths);
    if (refusal) throw refusal;
    this.openCount += 1;
    return {
      content: known?.content ?? this.#content(wire),
      totalBytes: this.totalBytes,
      identities: paths,
      close: () => {
        this.openCount -= 1;
        return Promise.resolve();
      },
    };
  }

  #content(wire: 1 | 2): PreparedContent {
    return wire === 1 ? { wire, metaInfo: META_INFO } : { wire, manifest: this.manifest };
  }

  #refusalOf(paths: readonly string[]): SourceError | undefined {
    return paths.map((path) => this.#refusals.get(path)).find(Boolean);
  }
}

/** Like the data plane, it knows a task by its id alone: a late close ends whatever is served then. */
export class FakeSeeder extends Seeder {
  readonly dataPort = 45_001;
  sentBytes = 0;
  /** How each attempt was served, in order. */
  readonly seeded: SeedOptions[] = [];
  /** Limits that were set while a task ran, bytes a second. */
  readonly rates: number[] = [];
  readonly #served = new Map<string, (failure: Failure) => void>();

  seed(
    taskId: string,
    _source: PreparedSource,
    options: SeedOptions,
    onFailed: (failure: Failure) => void,
  ): SeedHandle {
    this.seeded.push(options);
    this.#served.set(taskId, onFailed);
    const sentBytes = (): number => this.sentBytes;
    return {
      get sentBytes() {
        return sentBytes();
      },
      setRate: (bytesPerSecond) => void this.rates.push(bytesPerSecond),
      close: () => {
        this.#served.delete(taskId);
        return Promise.resolve();
      },
    };
  }

  isServing(taskId: string): boolean {
    return this.#served.has(taskId);
  }

  /** The source of a task can be served no longer. */
  fail(taskId: string, failure: Failure): void {
    this.#served.get(taskId)?.(failure);
  }
}

function aborted(signal: AbortSignal, isAwaited: boolean): Promise<void> {
  if (!isAwaited) return Promise.resolve();
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
  });
}
