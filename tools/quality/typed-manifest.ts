/**
 * Keys that the Kubernetes API does not have. The schemas let them pass, as a cluster would without a word,
 * so a manifest is written down as a typed literal, in memory, and the compiler says what is too much.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { Manifest } from './manifests.ts';

/** Nothing is written there; it is where imports are resolved from. */
const VIRTUAL_FILE = join(fileURLToPath(new URL('.', import.meta.url)), 'manifest-literals.ts');
const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
  lib: ['lib.es2022.d.ts'],
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
};

/** @returns what the types of the API say against the manifests, one sentence each */
export function findUntypedKeys(manifests: readonly Manifest['value'][]): string[] {
  const text = manifests.map(literalOf).join('\n');
  const host = ts.createCompilerHost(OPTIONS);
  const readSource = host.getSourceFile.bind(host);
  host.getSourceFile = (path, ...rest) =>
    path === VIRTUAL_FILE
      ? ts.createSourceFile(path, text, ts.ScriptTarget.ES2022)
      : readSource(path, ...rest);
  const exists = host.fileExists.bind(host);
  host.fileExists = (path) => path === VIRTUAL_FILE || exists(path);
  const program = ts.createProgram([VIRTUAL_FILE], OPTIONS, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

function literalOf({ apiVersion, kind, ...rest }: Manifest['value'], index: number): string {
  const value = JSON.stringify({ apiVersion, kind, ...rest });
  return (
    `import type { I${kind} as Type${index} } from 'kubernetes-models/${apiVersion}';\n` +
    `export const manifest${index}: Type${index} = ${value};`
  );
}
