/**
 * The files of a task joined in order form one run of bytes; this maps a stretch of it to stretches
 * of files. Pure arithmetic, safe up to 2^53 - 1 bytes.
 */
export interface LayoutFile {
  readonly name: string;
  /** Bytes. */
  readonly length: number;
}

/** Bytes [fileOffset, fileOffset + length) of one file; `bufferOffset` counts from the stretch. */
export interface FileSpan {
  readonly file: number;
  readonly fileOffset: number;
  readonly bufferOffset: number;
  readonly length: number;
}

export class FileLayout {
  readonly files: readonly LayoutFile[];
  readonly pieceBytes: number;
  readonly totalBytes: number;
  readonly pieceCount: number;
  /** Where each file starts in the joined run. */
  readonly #starts: readonly number[];

  constructor(files: readonly LayoutFile[], pieceBytes: number) {
    this.files = files;
    this.pieceBytes = pieceBytes;
    let end = 0;
    this.#starts = files.map((file) => {
      const start = end;
      end += file.length;
      return start;
    });
    this.totalBytes = end;
    this.pieceCount = Math.ceil(end / pieceBytes);
  }

  pieceLength(piece: number): number {
    return Math.min(this.pieceBytes, this.totalBytes - piece * this.pieceBytes);
  }

  /** The stretches of files that make up one piece, in order; empty files have none. */
  spansOf(piece: number): FileSpan[] {
    const start = piece * this.pieceBytes;
    const end = start + this.pieceLength(piece);
    const spans: FileSpan[] = [];
    for (let file = this.#fileAt(start); file < this.files.length; file++) {
      const fileStart = this.#starts[file] ?? 0;
      if (fileStart >= end) break;
      const from = Math.max(start, fileStart);
      const to = Math.min(end, fileStart + (this.files[file]?.length ?? 0));
      if (to <= from) continue;
      spans.push({
        file,
        fileOffset: from - fileStart,
        bufferOffset: from - start,
        length: to - from,
      });
    }
    return spans;
  }

  /** First and last piece that hold bytes of a file; undefined for an empty file. */
  piecesOf(file: number): { readonly first: number; readonly last: number } | undefined {
    const length = this.files[file]?.length ?? 0;
    if (length === 0) return undefined;
    const start = this.#starts[file] ?? 0;
    return {
      first: Math.floor(start / this.pieceBytes),
      last: Math.floor((start + length - 1) / this.pieceBytes),
    };
  }

  /** The last file that starts at or before a byte: past any empty files that share its start. */
  #fileAt(byte: number): number {
    let low = 0;
    let high = this.files.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= byte) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
