// What code of layer:core may not touch: Node's built-ins, time, randomness, timers, and in the
// protocol anything asynchronous. These make a session replayable from its seed. And what runs in a
// browser cannot touch.
import { builtinModules } from 'node:module';

const PUBLIC_DOOR = 'Import the package by its name; only "." and "./testing" are public.';
const DEEP_IMPORTS = { group: ['@gofd/*/*', '!@gofd/*/testing'], message: PUBLIC_DOOR };
const TESTING_IMPORTS = {
  group: ['@gofd/*/testing', '@gofd/*/testing/*'],
  message: 'Production code may not import test machinery.',
};
const SPEC_IMPORTS = {
  regex: String.raw`\.(spec|contract|e2e-spec)(\.ts)?$`,
  message: 'Production code may not import test machinery.',
};

/** @param {readonly string[]} allowed built-ins that stay open, without the `node:` prefix */
function builtinImports(...allowed) {
  const names = builtinModules.filter((name) => !name.startsWith('_') && !allowed.includes(name));
  return {
    regex: `^(node:(?!(${allowed.join('|') || ' '})$)|(${names.join('|')})$)`,
    message: 'Core decides and does not act: no Node built-in here.',
  };
}

const IN_A_BROWSER = {
  ...builtinImports(),
  message: 'This runs in a browser: no Node built-in here.',
};
const KIT_IMPORTS = {
  group: ['@gofd/service-kit'],
  message: 'This runs in a browser: the kit of services is for Node.',
};

const restrictImports = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });

export const productionImports = restrictImports(DEEP_IMPORTS, TESTING_IMPORTS, SPEC_IMPORTS);
/** The console; not its specs, which read files. */
export const browserImports = restrictImports(
  DEEP_IMPORTS,
  TESTING_IMPORTS,
  SPEC_IMPORTS,
  IN_A_BROWSER,
  KIT_IMPORTS,
);
export const specImports = restrictImports(DEEP_IMPORTS);
export const protocolImports = restrictImports(
  DEEP_IMPORTS,
  TESTING_IMPORTS,
  SPEC_IMPORTS,
  builtinImports(),
);
export const authCryptoImports = restrictImports(
  DEEP_IMPORTS,
  TESTING_IMPORTS,
  SPEC_IMPORTS,
  builtinImports('crypto'),
);

const AMBIENT_GLOBALS = [
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
  'queueMicrotask',
  'performance',
  'process',
  'fetch',
  'crypto',
  'console',
  'global',
  'globalThis',
  'require',
];
const AMBIENT_PROPERTIES = [
  { object: 'Date', property: 'now', message: 'Time is the nowMs argument.' },
  { object: 'Math', property: 'random', message: 'Randomness is an injected Prng.' },
];

/** Syntax that type stripping cannot erase: such a file could not run as `node file.ts`. */
const NOT_ERASABLE = [
  { selector: 'TSEnumDeclaration', message: 'Not erasable: use a union of string literals.' },
  { selector: 'TSParameterProperty', message: 'Not erasable: declare the field and assign it.' },
  { selector: 'TSModuleDeclaration[declare!=true]', message: 'Not erasable: use a module.' },
  { selector: 'TSImportEqualsDeclaration', message: 'Not erasable: use an ES import.' },
  { selector: 'TSExportAssignment', message: 'Not erasable: use an ES export.' },
];
const AMBIENT_DATE = [
  {
    selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
    message: 'Time is the nowMs argument.',
  },
  { selector: 'CallExpression[callee.name="Date"]', message: 'Time is the nowMs argument.' },
];
const ASYNC_MESSAGE = 'If you want await, you want an effect and a later event.';
const ASYNC = [
  { selector: ':function[async=true]', message: ASYNC_MESSAGE },
  { selector: 'AwaitExpression', message: ASYNC_MESSAGE },
  { selector: 'NewExpression[callee.name="Promise"]', message: ASYNC_MESSAGE },
  { selector: 'MemberExpression[object.name="Promise"]', message: ASYNC_MESSAGE },
  { selector: 'TSTypeReference[typeName.name="Promise"]', message: ASYNC_MESSAGE },
];
const NAMED_EXPORTS = [
  { selector: 'ExportAllDeclaration', message: 'Name what is public: no export *.' },
];
const NEST_CYCLES = [
  {
    selector: 'CallExpression[callee.name="forwardRef"]',
    message: 'forwardRef hides a cycle: split the module.',
  },
];

const restrictSyntax = (...selectors) => ({ 'no-restricted-syntax': ['error', ...selectors] });

export const everywhereSyntax = restrictSyntax(...NAMED_EXPORTS, ...NEST_CYCLES);
export const erasableSyntax = restrictSyntax(...NAMED_EXPORTS, ...NOT_ERASABLE);

export const coreGlobals = {
  'no-restricted-globals': ['error', ...AMBIENT_GLOBALS],
  'no-restricted-properties': ['error', ...AMBIENT_PROPERTIES],
};
export const coreSyntax = restrictSyntax(...NAMED_EXPORTS, ...NOT_ERASABLE, ...AMBIENT_DATE);
export const protocolSyntax = restrictSyntax(
  ...NAMED_EXPORTS,
  ...NOT_ERASABLE,
  ...AMBIENT_DATE,
  ...ASYNC,
);
