/**
 * The manifest of a v2 task: which files there are, how they are cut into pieces, and the hash of every
 * piece. It travels through the swarm like any other content and is checked against the digest that
 * the control message carries; what it says is checked here. Big endian:
 *
 * | bytes | field                                              |
 * |-------|----------------------------------------------------|
 * | 4     | "GFDM"                                             |
 * | 1     | version, 1                                         |
 * | 1     | hash algorithm: 1 SHA-1, 2 SHA-256, 3 BLAKE3       |
 * | 4     | uint32 piece length, a power of two                |
 * | 4     | uint32 number of files                             |
 * | …     | each file: uint64 length, uint16 name length, name |
 * | …     | the hashes of all pieces, one after the other      |
 */
export type HashAlgorithm = 'sha1' | 'sha256' | 'blake3';

export const DIGEST_BYTES: Readonly<Record<HashAlgorithm, number>> = {
  sha1: 20,
  sha256: 32,
  blake3: 32,
};

/** Bounds of what a manifest may say and be; beyond them it is refused. 64 MiB hold 2 million hashes. */
export const MAX_MANIFEST_BYTES = 64 * 1024 * 1024;
export const MAX_MANIFEST_FILES = 100_000;
export const MAX_MANIFEST_NAME_BYTES = 255;
export const MIN_MANIFEST_PIECE_BYTES = 1024;
export const MAX_MANIFEST_PIECE_BYTES = 64 * 1024 * 1024;

export interface ManifestFile {
  /** Where it lands in downdir. Whether it is safe is for the store to say. */
  readonly name: string;
  /** Bytes. */
  readonly length: number;
}

export interface Manifest {
  readonly algorithm: HashAlgorithm;
  readonly pieceBytes: number;
  readonly files: readonly ManifestFile[];
  /** One digest after the other, in the order of the pieces. */
  readonly digests: Uint8Array;
}

const MAGIC = 0x4746_444d;
const VERSION = 1;
const ALGORITHM_IDS: readonly (HashAlgorithm | undefined)[] = [
  undefined,
  'sha1',
  'sha256',
  'blake3',
];
const FIXED_BYTES = 14;
const FILE_FIXED_BYTES = 10;

export function encodeManifest(manifest: Manifest): Uint8Array {
  const encoder = new TextEncoder();
  const files = manifest.files.map(({ name, length }) => ({ name: encoder.encode(name), length }));
  const nameBytes = files.reduce((sum, { name }) => sum + name.length, 0);
  const head = FIXED_BYTES + FILE_FIXED_BYTES * files.length + nameBytes;
  const bytes = new Uint8Array(head + manifest.digests.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC);
  view.setUint8(4, VERSION);
  view.setUint8(5, ALGORITHM_IDS.indexOf(manifest.algorithm));
  view.setUint32(6, manifest.pieceBytes);
  view.setUint32(10, files.length);
  let offset = FIXED_BYTES;
  for (const { name, length } of files) {
    view.setBigUint64(offset, BigInt(length));
    view.setUint16(offset + 8, name.length);
    bytes.set(name, offset + FILE_FIXED_BYTES);
    offset += FILE_FIXED_BYTES + name.length;
  }
  bytes.set(manifest.digests, offset);
  return bytes;
}

/** @returns the manifest, or a sentence that says what is wrong with the bytes. Never throws. */
export function parseManifest(bytes: Uint8Array): Manifest | string {
  if (bytes.length < FIXED_BYTES) return 'is shorter than its fixed part';
  if (bytes.length > MAX_MANIFEST_BYTES) return `is longer than ${MAX_MANIFEST_BYTES} bytes`;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) !== MAGIC) return 'is not a manifest';
  if (view.getUint8(4) !== VERSION) return `has version ${view.getUint8(4)}`;
  const algorithm = ALGORITHM_IDS[view.getUint8(5)];
  if (algorithm === undefined) return `names hash algorithm ${view.getUint8(5)}`;
  const pieceBytes = view.getUint32(6);
  if (!isPieceLength(pieceBytes)) return `has pieces of ${pieceBytes} bytes`;
  const listed = parseFiles(bytes, view);
  if (typeof listed === 'string') return listed;
  const { files, end } = listed;
  const totalBytes = files.reduce((sum, { length }) => sum + length, 0);
  if (!Number.isSafeInteger(totalBytes)) return 'has more bytes than can be counted';
  const digests = bytes.slice(end);
  const wantedBytes = Math.ceil(totalBytes / pieceBytes) * DIGEST_BYTES[algorithm];
  if (digests.length !== wantedBytes) {
    return `has ${digests.length} bytes of hashes instead of ${wantedBytes}`;
  }
  return { algorithm, pieceBytes, files, digests };
}

function parseFiles(
  bytes: Uint8Array,
  view: DataView,
): { files: ManifestFile[]; end: number } | string {
  const count = view.getUint32(10);
  if (count === 0 || count > MAX_MANIFEST_FILES) return `lists ${count} files`;
  const files: ManifestFile[] = [];
  let offset = FIXED_BYTES;
  for (let index = 0; index < count; index++) {
    if (offset + FILE_FIXED_BYTES > bytes.length) return `ends within file ${index}`;
    const length = Number(view.getBigUint64(offset));
    const nameBytes = view.getUint16(offset + 8);
    offset += FILE_FIXED_BYTES;
    if (!Number.isSafeInteger(length)) return `gives file ${index} an impossible length`;
    if (nameBytes === 0 || nameBytes > MAX_MANIFEST_NAME_BYTES) {
      return `gives file ${index} a name of ${nameBytes} bytes`;
    }
    if (offset + nameBytes > bytes.length) return `ends within the name of file ${index}`;
    const name = decodeText(bytes.subarray(offset, offset + nameBytes));
    if (name === undefined) return `gives file ${index} a name that is not UTF-8`;
    files.push({ name, length });
    offset += nameBytes;
  }
  return { files, end: offset };
}

function isPieceLength(bytes: number): boolean {
  const isPowerOfTwo = (bytes & (bytes - 1)) === 0;
  return bytes >= MIN_MANIFEST_PIECE_BYTES && bytes <= MAX_MANIFEST_PIECE_BYTES && isPowerOfTwo;
}

function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
