/** Builders of create calls of wire v2: a key, and a manifest in the call or to be fetched. */
import { plainToInstance } from 'class-transformer';
import { encodeManifest, type Manifest } from '@gofd/p2p-protocol';
import { digestPiece } from '@gofd/piece-store';
import { DispatchTaskDto, type ManifestRefDto } from '@gofd/task-model';
import { callFields, PIECE_BYTES, type SampleFile } from './a-create-call.ts';

/** The secret of every task here. */
export const TASK_KEY = Buffer.alloc(32, 0x6b);

export type V2CreateCall = DispatchTaskDto & { manifest: ManifestRefDto; key: string };

/** The manifest of these files. */
export function aManifest(files: readonly SampleFile[], pieceBytes = PIECE_BYTES): Buffer {
  const joined = Buffer.concat(files.map(({ bytes }) => bytes));
  const digests: Buffer[] = [];
  for (let start = 0; start < joined.length; start += pieceBytes) {
    digests.push(digestPiece(joined.subarray(start, start + pieceBytes), 'blake3'));
  }
  const listed = files.map(({ name, bytes }) => ({ name, length: bytes.length }));
  return manifestBytes({ pieceBytes, files: listed, digests: Buffer.concat(digests) });
}

/** A manifest that says this, whether or not there are such files. */
export function manifestBytes(manifest: Omit<Manifest, 'algorithm'>): Buffer {
  return Buffer.from(encodeManifest({ algorithm: 'blake3', ...manifest }));
}

/** What a create call says of a manifest that is to be fetched. */
export function referenceTo(manifest: Buffer): ManifestRefDto {
  const digest = digestPiece(manifest, 'blake3').toString('base64');
  return { digest, bytes: manifest.length };
}

/** What it says of one that it brings along. */
export function inline(manifest: Buffer): ManifestRefDto {
  return { ...referenceTo(manifest), content: manifest.toString('base64') };
}

/** A create call that brings its manifest along, unless `changes` says otherwise. */
export function aV2CreateCall(
  files: readonly SampleFile[],
  changes: Partial<DispatchTaskDto> = {},
): V2CreateCall {
  const key = TASK_KEY.toString('base64');
  const call = { ...callFields(), manifest: inline(aManifest(files)), key, ...changes };
  return plainToInstance(DispatchTaskDto, call) as V2CreateCall;
}
