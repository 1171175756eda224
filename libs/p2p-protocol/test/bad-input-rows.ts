/** Bad bytes as data, from the files in bad-inputs. */
import { readFileSync } from 'node:fs';
import { fromHex } from './byte-parts.ts';

export interface BadBytes {
  /** Unique over all files, for ever. */
  readonly id: string;
  readonly what: string;
  /** Of frames: the version whose decoder is fed. */
  readonly wire: 1 | 2;
  readonly bytes: Uint8Array;
  /** How they are refused: a code, or of manifests a sentence. */
  readonly code: string;
  readonly problem: string;
}

type Row = Omit<BadBytes, 'bytes'> & { readonly bytes: string };

/** @param file name of a data file, without its ending */
export function badBytes(file: string): BadBytes[] {
  const url = new URL(`bad-inputs/${file}.json`, import.meta.url);
  const { rows } = JSON.parse(readFileSync(url, 'utf8')) as { rows: readonly Row[] };
  return rows.map((row) => ({ ...row, bytes: fromHex(row.bytes.replaceAll(' ', '')) }));
}

/** Each byte alone. */
export function singly(bytes: Uint8Array): Uint8Array[] {
  return [...bytes].map((byte) => Uint8Array.of(byte));
}
