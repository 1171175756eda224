/**
 * What the server says of the content of a task, checked as a whole and turned into layout and hashes:
 * by the create call of wire v1, or by the manifest of v2.
 */
import {
  DIGEST_BYTES,
  parseManifest,
  TaskGeometry,
  V1_BLOCK_BYTES,
  V2_BLOCK_BYTES,
} from '@gofd/p2p-protocol';
import { digestPiece, FileLayout, fileNameProblem, PieceHashes } from '@gofd/piece-store';
import {
  RequestError,
  type DispatchTaskDto,
  type ManifestRefDto,
  type MetaInfoDto,
  type RequestErrorCode,
} from '@gofd/task-model';

export interface TaskContent {
  readonly layout: FileLayout;
  readonly hashes: PieceHashes;
  readonly geometry: TaskGeometry;
}

/**
 * @returns undefined when the content is known only once the manifest has come through the swarm
 * @throws RequestError naming the field that does not fit the others
 */
export function readTaskContent(task: DispatchTaskDto): TaskContent | undefined {
  const { metaInfo, manifest, key, plan } = task;
  if (metaInfo) {
    if (manifest) {
      throw refuse('INVALID_META_INFO', 'manifest', 'a task has this or metaInfo, not both');
    }
    if (key !== undefined)
      throw refuse('INVALID_META_INFO', 'key', 'only for a task with a manifest');
    if (plan) throw refuse('INVALID_LINK_CHAIN', 'plan', 'only for a task with a manifest');
    return readMetaInfo(metaInfo);
  }
  if (manifest?.content === undefined) return undefined;
  const bytes = Buffer.from(manifest.content, 'base64');
  if (!isManifest(bytes, manifest)) {
    const problem = 'is not what manifest.digest and manifest.bytes say';
    throw refuse('INVALID_META_INFO', 'manifest.content', problem);
  }
  return readManifest(bytes, 'manifest.content');
}

/** Whether these are the bytes that the server's reference means. */
export function isManifest(bytes: Buffer, { bytes: byteCount, digest }: ManifestRefDto): boolean {
  const wanted = Buffer.from(digest, 'base64');
  return bytes.length === byteCount && digestPiece(bytes, 'blake3').equals(wanted);
}

/**
 * @param bytes whose digest was checked
 * @param field what a refusal names
 * @throws RequestError
 */
export function readManifest(bytes: Uint8Array, field: string): TaskContent {
  const manifest = parseManifest(bytes);
  if (typeof manifest === 'string') throw refuse('INVALID_META_INFO', field, manifest);
  assertFileNames(manifest.files, () => field);
  const { algorithm, digests, files, pieceBytes } = manifest;
  const layout = new FileLayout(files, pieceBytes);
  const blockBytes = Math.min(pieceBytes, V2_BLOCK_BYTES);
  return {
    layout,
    hashes: new PieceHashes(digests, algorithm),
    geometry: new TaskGeometry({ totalBytes: layout.totalBytes, pieceBytes, blockBytes }),
  };
}

function readMetaInfo(meta: MetaInfoDto): TaskContent {
  assertFileNames(meta.files, (index) => `metaInfo.files[${index}].name`);
  const layout = new FileLayout(meta.files, meta.PieceLen);
  if (layout.totalBytes !== meta.length) {
    const message = `is ${meta.length}, the files add up to ${layout.totalBytes}`;
    throw refuse('INVALID_META_INFO', 'metaInfo.length', message);
  }
  if (meta.PieceLen % V1_BLOCK_BYTES !== 0) {
    const message = `must be a multiple of ${V1_BLOCK_BYTES}`;
    throw refuse('INVALID_META_INFO', 'metaInfo.PieceLen', message);
  }
  const digests = Buffer.from(meta.pieces, 'base64');
  if (digests.length !== layout.pieceCount * DIGEST_BYTES.sha1) {
    const message = `holds ${digests.length} bytes, ${layout.pieceCount} pieces need ${DIGEST_BYTES.sha1} each`;
    throw refuse('INVALID_META_INFO', 'metaInfo.pieces', message);
  }
  const { totalBytes, pieceBytes } = layout;
  return {
    layout,
    hashes: new PieceHashes(digests, 'sha1'),
    geometry: new TaskGeometry({ totalBytes, pieceBytes, blockBytes: V1_BLOCK_BYTES }),
  };
}

function assertFileNames(
  files: readonly { readonly name: string }[],
  fieldOf: (index: number) => string,
): void {
  const names = new Set<string>();
  for (const [index, { name }] of files.entries()) {
    const problem = fileNameProblem(name);
    if (problem) throw refuse('UNSAFE_PATH', fieldOf(index), `${JSON.stringify(name)} ${problem}`);
    if (names.has(name)) {
      const message = `${JSON.stringify(name)} occurs twice`;
      throw refuse('DUPLICATE_FILE_NAME', fieldOf(index), message);
    }
    names.add(name);
  }
}

function refuse(code: RequestErrorCode, field: string, problem: string): RequestError {
  const message = `${field}: ${problem}`;
  return new RequestError(code, message, [{ field, code, message }]);
}
