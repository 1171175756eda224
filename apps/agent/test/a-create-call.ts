/** Builders of create calls of wire v1 whose content fits together. */
import { randomBytes } from 'node:crypto';
import { plainToInstance } from 'class-transformer';
import { digestPiece } from '@gofd/piece-store';
import { DispatchTaskDto, type MetaInfoDto } from '@gofd/task-model';

/** The smallest pieces there are, so that small files have several. */
export const PIECE_BYTES = 32 * 1024;
const NOBODY = '127.0.0.1:1';

/** A file of a task: its final name and what is in it. */
export interface SampleFile {
  readonly name: string;
  readonly bytes: Buffer;
}

export function aFile(name: string, byteCount = 3 * PIECE_BYTES - 7): SampleFile {
  return { name, bytes: randomBytes(byteCount) };
}

/** What the server says of these files. */
export function metaInfoOf(files: readonly SampleFile[]): MetaInfoDto {
  const joined = Buffer.concat(files.map(({ bytes }) => bytes));
  const digests: Buffer[] = [];
  for (let start = 0; start < joined.length; start += PIECE_BYTES) {
    digests.push(digestPiece(joined.subarray(start, start + PIECE_BYTES), 'sha1'));
  }
  return {
    length: joined.length,
    PieceLen: PIECE_BYTES,
    pieces: Buffer.concat(digests).toString('base64'),
    files: files.map(({ name, bytes }) => ({ length: bytes.length, path: '/src/', name, sum: '' })),
  };
}

/** A create call of wire v1, which has the hashes in it. */
export type V1CreateCall = DispatchTaskDto & { metaInfo: MetaInfoDto };

/** A create call as it came in; whoever is to be asked or told is not there. */
export function aCreateCall(
  files: readonly SampleFile[],
  changes: Partial<DispatchTaskDto> = {},
): V1CreateCall {
  const call = { ...callFields(), metaInfo: metaInfoOf(files), ...changes };
  return plainToInstance(DispatchTaskDto, call) as V1CreateCall;
}

/** What create calls of both wire versions have. */
export function callFields(): Omit<DispatchTaskDto, 'metaInfo' | 'manifest' | 'key'> {
  return {
    taskId: 't1',
    linkChain: { dispatchAddrs: [NOBODY], serverAddr: NOBODY },
    speed: 1_000_000_000,
    host: '127.0.0.1',
    attempt: 1,
  };
}
