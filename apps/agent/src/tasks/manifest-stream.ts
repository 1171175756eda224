/**
 * The manifest of a v2 task as content of its own: one piece that is pulled from the same sources as the
 * files, checked against the digest of the create call, and served to others until the task ends.
 */
import type { DataPlane, SessionDriver, TaskSecurity } from '@gofd/p2p-driver';
import { Bitfield, TaskGeometry, V2_BLOCK_BYTES, type SourcePlan } from '@gofd/p2p-protocol';
import { MemoryPieceStore, PieceHashes } from '@gofd/piece-store';
import type { Failure, ManifestRefDto } from '@gofd/task-model';

const ONLY_PIECE = 0;

export interface ManifestStreamOptions {
  readonly taskId: string;
  readonly security: TaskSecurity;
  readonly reference: ManifestRefDto;
  /** The manifest, where an earlier run has fetched it. */
  readonly bytes: Buffer | undefined;
  /** It is here, and it is the one that the server means. */
  readonly fetched: (bytes: Buffer) => void;
  readonly failed: (failure: Failure) => void;
  /** The server's data address. */
  readonly serverAddress: string | undefined;
}

export class ManifestStream {
  readonly #session: SessionDriver;

  constructor(dataPlane: DataPlane, options: ManifestStreamOptions) {
    const { bytes: size, digest } = options.reference;
    const { bytes } = options;
    const hashes = new PieceHashes(Buffer.from(digest, 'base64'), 'blake3');
    const store = new MemoryPieceStore(hashes, new Map(bytes && [[ONLY_PIECE, bytes]]));
    this.#session = dataPlane.open({
      taskId: options.taskId,
      stream: 'manifest',
      security: options.security,
      geometry: new TaskGeometry({
        totalBytes: size,
        pieceBytes: size,
        blockBytes: Math.min(size, V2_BLOCK_BYTES),
      }),
      stored: bytes ? Bitfield.full(1) : Bitfield.empty(1),
      store,
      ...(options.serverAddress !== undefined && { serverAddress: options.serverAddress }),
      observer: {
        progressed: () => undefined,
        finished: () => {
          const fetched = store.get(ONLY_PIECE);
          if (fetched) options.fetched(fetched);
        },
        failed: (code, message) => options.failed({ code, message }),
        peerClosed: () => undefined,
      },
    });
  }

  setSources(plan: SourcePlan): void {
    this.#session.setSources(plan);
  }
}
