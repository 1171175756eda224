// Code that breaks (or keeps) each architecture rule, for boundaries.spec.ts. The files named here
// need not exist: ESLint is told that the code stands there.

export interface Plant {
  readonly what: string;
  readonly file: string;
  readonly code: string;
}
export interface Violation extends Plant {
  readonly rule: string;
  readonly message: RegExp;
}

const BOUNDARY = '@nx/enforce-module-boundaries';
const IMPORTS = 'no-restricted-imports';
const SYNTAX = 'no-restricted-syntax';
const GLOBALS = 'no-restricted-globals';
const PROPERTIES = 'no-restricted-properties';
const NON_NULL = '@typescript-eslint/no-non-null-assertion';

const SERVER = 'apps/server/src/planted.ts';
const CLI = 'apps/cli/src/planted.ts';
const PROTOCOL = 'libs/p2p-protocol/src/lib/planted.ts';
const CRYPTO = 'libs/auth-crypto/src/lib/planted.ts';
const MODEL = 'libs/task-model/src/lib/planted.ts';
const STORE = 'libs/piece-store/src/lib/planted.ts';
const DRIVER = 'libs/p2p-driver/src/lib/planted.ts';
const KIT = 'libs/service-kit/src/lib/planted.ts';
const CONSOLE = 'apps/console/src/planted.tsx';
const SIMULATOR = 'apps/simulator/src/planted.ts';
const SIM = 'libs/p2p-sim/src/lib/planted.ts';

type ViolationRow = readonly [
  what: string,
  file: string,
  code: string,
  rule: string,
  message: RegExp,
];

const importOf = (name: string): string => `import { a } from '${name}';\nexport const b = a;\n`;

function toViolation([what, file, code, rule, message]: ViolationRow): Violation {
  return { what, file, code, rule, message };
}

const IMPORT_ROWS: readonly ViolationRow[] = [
  ['the simulator in an app', SERVER, '@gofd/p2p-sim', BOUNDARY, /layer:app.*can only depend/],
  ['the simulator in the cli', CLI, '@gofd/p2p-sim', BOUNDARY, /layer:app.*can only|plane:control/],
  ['the kit in the simulator app', SIMULATOR, '@gofd/service-kit', BOUNDARY, /can only depend/],
  ['the driver in the simulator app', SIMULATOR, '@gofd/p2p-driver', BOUNDARY, /can only depend/],
  [
    'Nest in the simulator app',
    SIMULATOR,
    '@nestjs/common',
    BOUNDARY,
    /layer:simulator.*not allowed/,
  ],
  ['the data plane in the cli', CLI, '@gofd/p2p-protocol', BOUNDARY, /plane:control.*can only/],
  ['the piece store in the cli', CLI, '@gofd/piece-store', BOUNDARY, /plane:control.*can only/],
  ['the data plane in the console', CONSOLE, '@gofd/p2p-protocol', BOUNDARY, /plane:control/],
  ['the kit in the console', CONSOLE, '@gofd/service-kit', IMPORTS, /in a browser/],
  ['a built-in in the console', CONSOLE, 'node:fs', IMPORTS, /in a browser/],
  ['an app in an app', SERVER, '@gofd/agent', BOUNDARY, /unresolvable dependencies/],
  ['an app in an app by path', SERVER, '../../agent/src/main.ts', BOUNDARY, /relative or absolute/],
  ['Nest in an adapter', STORE, '@nestjs/common', BOUNDARY, /layer:adapter.*not allowed/],
  ['winston in an adapter', DRIVER, 'winston', BOUNDARY, /layer:adapter.*not allowed/],
  ['the kit in an adapter', DRIVER, '@gofd/service-kit', BOUNDARY, /layer:adapter.*can only/],
  ['the task model in an adapter', STORE, '@gofd/task-model', BOUNDARY, /plane:data.*can only/],
  ['axios in the model', MODEL, 'axios', BOUNDARY, /layer:model.*not allowed/],
  ['an adapter in the model', MODEL, '@gofd/piece-store', BOUNDARY, /layer:model.*can only/],
  ['the task model in core', PROTOCOL, '@gofd/task-model', BOUNDARY, /layer:core.*can only/],
  ['yaml in core', PROTOCOL, 'yaml', BOUNDARY, /layer:core.*not allowed/],
  ['yaml in the other core', CRYPTO, 'yaml', BOUNDARY, /layer:core.*not allowed/],
  ['fast-check in production core', PROTOCOL, 'fast-check', BOUNDARY, /layer:core.*not allowed/],
  ['commander in the kit', KIT, 'commander', BOUNDARY, /layer:kit.*not allowed/],
  ['the data plane in the kit', KIT, '@gofd/p2p-protocol', BOUNDARY, /plane:control.*can only/],
  ['Nest in the simulator', SIM, '@nestjs/common', BOUNDARY, /layer:testing.*not allowed/],
  ['Vitest in an app', SERVER, 'vitest', BOUNDARY, /layer:app.*not allowed/],
  ['a package of a package', SERVER, '@nx/devkit', BOUNDARY, /Transitive/],
  ['another library by path', DRIVER, '../../../piece-store/src/index.ts', BOUNDARY, /relative/],
  ['a built-in in the protocol', PROTOCOL, 'node:crypto', IMPORTS, /no Node built-in/],
  ['a built-in without prefix', PROTOCOL, 'fs/promises', IMPORTS, /no Node built-in/],
  ['a socket in auth-crypto', CRYPTO, 'node:net', IMPORTS, /no Node built-in/],
  ['a deep import', SERVER, '@gofd/piece-store/src/lib/x.ts', IMPORTS, /only "\." and/],
  ['test machinery in production', SERVER, '@gofd/piece-store/testing', IMPORTS, /test machinery/],
  ['a spec in production', STORE, './layout.spec.ts', IMPORTS, /test machinery/],
];

const IMPURE_ROWS: readonly (readonly [string, string, RegExp])[] = [
  ['setTimeout(() => undefined, 1);', GLOBALS, /setTimeout/],
  ['setInterval(() => undefined, 1);', GLOBALS, /setInterval/],
  ['queueMicrotask(() => undefined);', GLOBALS, /queueMicrotask/],
  ['export const a = process.pid;', GLOBALS, /process/],
  ['export const a = performance.now();', GLOBALS, /performance/],
  ['export const a = crypto.randomUUID();', GLOBALS, /crypto/],
  ['export const a = globalThis;', GLOBALS, /globalThis/],
  ['export const a = Date.now();', PROPERTIES, /nowMs/],
  ['export const a = new Date();', SYNTAX, /nowMs/],
  ['export const a = Math.random();', PROPERTIES, /Prng/],
  ['export enum A { B }', SYNTAX, /Not erasable/],
];

const OTHER_ROWS: readonly ViolationRow[] = [
  ['an async function in core', PROTOCOL, 'export async function a() {}', SYNTAX, /an effect/],
  ['a Promise in core', PROTOCOL, 'export const a = Promise.resolve();', SYNTAX, /an effect/],
  ['export *', MODEL, "export * from './errors.ts';", SYNTAX, /no export \*/],
  [
    'a parameter property',
    DRIVER,
    'export class A { constructor(private b: 1) {} }',
    SYNTAX,
    /eras/,
  ],
  ['forwardRef', SERVER, 'export const a = forwardRef(() => 1);', SYNTAX, /hides a cycle/],
  ['console', KIT, 'console.log(1);', 'no-console', /console/],
  ['a non-null assertion', STORE, 'export const a = [1][0]!;', NON_NULL, /non-null/],
];

export const VIOLATIONS: readonly Violation[] = [
  ...IMPORT_ROWS.map(([what, file, name, rule, message]) =>
    toViolation([what, file, importOf(name), rule, message]),
  ),
  ...[PROTOCOL, CRYPTO].flatMap((file) =>
    IMPURE_ROWS.map(([code, rule, message]) =>
      toViolation([`"${code}" in ${file}`, file, code, rule, message]),
    ),
  ),
  ...OTHER_ROWS.map(toViolation),
];

const LEGAL_ROWS: readonly (readonly [what: string, file: string, name: string])[] = [
  ['core in the server', SERVER, '@gofd/p2p-protocol'],
  ['the driver in the server', SERVER, '@gofd/p2p-driver'],
  ['the kit in the cli', CLI, '@gofd/service-kit'],
  ['the client in the console', CONSOLE, '@gofd/api-client'],
  ['the model in the console', CONSOLE, '@gofd/task-model'],
  ['axios in an app', SERVER, 'axios'],
  ['node:crypto in auth-crypto', CRYPTO, 'node:crypto'],
  ['class-validator in the model', MODEL, 'class-validator'],
  ['core in an adapter', DRIVER, '@gofd/p2p-protocol'],
  ['an adapter in an adapter', DRIVER, '@gofd/piece-store'],
  ['a built-in in an adapter', DRIVER, 'node:net'],
  ['Nest in the kit', KIT, '@nestjs/common'],
  ['winston in the kit', KIT, 'winston'],
  ['axios in the kit', KIT, 'axios'],
  ['the model in the kit', KIT, '@gofd/task-model'],
  ['test machinery in the simulator app', SIMULATOR, '@gofd/p2p-sim'],
  ['commander in the simulator app', SIMULATOR, 'commander'],
  ['the driver in the simulator', SIM, '@gofd/p2p-driver'],
  ['test machinery in the simulator', SIM, '@gofd/piece-store/testing'],
  ['Vitest in a spec of core', 'libs/p2p-protocol/src/lib/planted.spec.ts', 'vitest'],
  ['fast-check in a spec of core', 'libs/p2p-protocol/src/lib/planted.prop.spec.ts', 'fast-check'],
  ['a built-in in a spec of core', 'libs/p2p-protocol/src/lib/planted.spec.ts', 'node:fs'],
  ['Nest testing in an app test', 'apps/server/test/planted.e2e-spec.ts', '@nestjs/testing'],
  ['test machinery in a spec', 'apps/agent/src/planted.spec.ts', '@gofd/piece-store/testing'],
];

export const LEGAL: readonly Plant[] = LEGAL_ROWS.map(([what, file, name]) => ({
  what,
  file,
  code: importOf(name),
}));
