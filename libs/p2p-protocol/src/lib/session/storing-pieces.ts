/**
 * Complete pieces on their way to the disk, with the address that sent each. They are held in memory, so
 * they count beside what is asked for: a disk that is slower than the network slows the asking.
 */
import type { TaskGeometry } from './task-geometry.ts';

export class StoringPieces {
  readonly #geometry: TaskGeometry;
  readonly #addresses = new Map<number, string>();
  #bytes = 0;

  constructor(geometry: TaskGeometry) {
    this.#geometry = geometry;
  }

  get isEmpty(): boolean {
    return this.#addresses.size === 0;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(piece: number, address: string): void {
    this.#addresses.set(piece, address);
    this.#bytes += this.#geometry.pieceLength(piece);
  }

  /** @returns the address that the piece came from; undefined when it was not being stored */
  take(piece: number): string | undefined {
    const address = this.#addresses.get(piece);
    if (this.#addresses.delete(piece)) this.#bytes -= this.#geometry.pieceLength(piece);
    return address;
  }
}
