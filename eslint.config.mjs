// One configuration for the whole workspace; tools/quality/lint holds the rule sets by idea, and
// tools/quality/boundaries.spec.ts proves that each of them fires.
import nx from '@nx/eslint-plugin';
import { defineConfig } from 'eslint/config';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';
import {
  productionBoundaries,
  specBoundaries,
  toolsBoundaries,
} from './tools/quality/lint/boundaries.mjs';
import {
  byteLoopRelaxations,
  correctness,
  specRelaxations,
  terminalRelaxations,
} from './tools/quality/lint/correctness.mjs';
import { ensureProjectGraph } from './tools/quality/lint/project-graph.mjs';
import {
  authCryptoImports,
  browserImports,
  coreGlobals,
  coreSyntax,
  erasableSyntax,
  everywhereSyntax,
  productionImports,
  protocolImports,
  protocolSyntax,
  specImports,
} from './tools/quality/lint/purity.mjs';

const SPECS = [
  '**/*.{spec,e2e-spec,contract}.ts',
  '{apps,libs}/*/test/**/*.ts',
  'libs/*/src/testing/**/*.ts',
];
const BYTE_LOOPS = [
  'libs/p2p-protocol/src/lib/codec/{bitfield,encoder,frame-decoder,header}.ts',
  'libs/auth-crypto/src/lib/crc16.ts',
  'libs/piece-store/src/lib/file/hashing.ts',
];

await ensureProjectGraph();

export default defineConfig(
  { ignores: ['**/node_modules', '**/dist', '**/coverage', '.nx'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { '@nx': nx },
    rules: {
      ...correctness,
      ...everywhereSyntax,
      ...productionImports,
      ...productionBoundaries,
    },
  },
  {
    files: [
      'libs/{auth-crypto,p2p-protocol,p2p-driver,p2p-sim,piece-store}/**/*.ts',
      'tools/**/*.ts',
    ],
    rules: erasableSyntax,
  },
  {
    files: ['libs/auth-crypto/src/**/*.ts'],
    rules: { ...coreGlobals, ...coreSyntax, ...authCryptoImports },
  },
  {
    files: ['libs/p2p-protocol/src/**/*.ts'],
    rules: { ...coreGlobals, ...protocolSyntax, ...protocolImports },
  },
  { files: ['apps/console/src/**/*.{ts,tsx}'], rules: browserImports },
  {
    files: SPECS,
    rules: {
      ...specRelaxations,
      ...specBoundaries,
      ...specImports,
      ...everywhereSyntax,
      'no-restricted-globals': 'off',
    },
  },
  {
    files: ['tools/**/*.ts'],
    rules: { ...toolsBoundaries, ...specImports, ...terminalRelaxations },
  },
  // The simulator is test machinery itself.
  { files: ['libs/p2p-sim/**/*.ts'], rules: specImports },
  { files: BYTE_LOOPS, rules: byteLoopRelaxations },
  { files: ['**/*.mjs'], rules: { eqeqeq: 'error', 'no-var': 'error', 'prefer-const': 'error' } },
  prettier,
);
