/** What a create call says about the content, checked as a whole and turned into layout and hashes. */
import { DIGEST_BYTES, V1_BLOCK_BYTES, TaskGeometry } from '@gofd/p2p-protocol';
import { FileLayout, fileNameProblem, PieceHashes } from '@gofd/piece-store';
import { RequestError, type MetaInfoDto, type RequestErrorCode } from '@gofd/task-model';

export interface TaskContent {
  readonly layout: FileLayout;
  readonly hashes: PieceHashes;
  readonly geometry: TaskGeometry;
}

/** @throws RequestError naming the field that does not fit the others */
export function readTaskContent(meta: MetaInfoDto): TaskContent {
  const names = new Set<string>();
  for (const [index, { name }] of meta.files.entries()) {
    const field = `metaInfo.files[${index}].name`;
    const problem = fileNameProblem(name);
    if (problem) throw refuse('UNSAFE_PATH', field, `${JSON.stringify(name)} ${problem}`);
    if (names.has(name)) {
      throw refuse('DUPLICATE_FILE_NAME', field, `${JSON.stringify(name)} occurs twice`);
    }
    names.add(name);
  }
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

function refuse(code: RequestErrorCode, field: string, problem: string): RequestError {
  const message = `${field}: ${problem}`;
  return new RequestError(code, message, [{ field, code, message }]);
}
