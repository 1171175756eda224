/** The Kubernetes manifests as data. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';

export const MANIFEST_FOLDER = fileURLToPath(new URL('../../deploy/kubernetes', import.meta.url));

/** Where probes may look; tools/e2e/operations.e2e-spec.ts asks real services there. */
export const PROBE_PATHS = ['/health/live', '/health/ready'];

export interface Manifest {
  readonly file: string;
  readonly value: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly [key: string]: unknown;
  };
}

/** Every document of every file. */
export function readManifests(): Manifest[] {
  const files = readdirSync(MANIFEST_FOLDER).filter((file) => file.endsWith('.yaml'));
  return files.flatMap((file) =>
    parseAllDocuments(readFileSync(join(MANIFEST_FOLDER, file), 'utf8')).map((document) => {
      if (document.errors.length > 0) throw new Error(`${file}: ${document.errors[0]?.message}`);
      return { file, value: document.toJS() as Manifest['value'] };
    }),
  );
}
