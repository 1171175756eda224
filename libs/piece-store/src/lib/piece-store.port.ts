/**
 * Where the driver gets pieces from and puts them. Implementations: FilePieceStore (agents),
 * SourcePieceStore (server, read only), MemoryPieceStore (manifests, tests). One contract suite holds for all.
 */
export interface PieceStore {
  /**
   * Fills `target`, which has exactly the piece's length.
   * @throws StoreError when the bytes cannot be read or are no longer the ones that were verified
   */
  read(piece: number, target: Buffer): Promise<void>;

  /**
   * Verifies the bytes and only then writes them.
   * @returns false when their hash is not the piece's; nothing was written
   * @throws StoreError when the disk refuses
   */
  write(piece: number, bytes: Buffer): Promise<boolean>;
}
