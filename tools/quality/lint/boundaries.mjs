// Who may import what: the matrix of layers and planes. Tags stand in each package.json ("nx.tags").
// Nx checks workspace packages and npm packages; Node's built-ins it ignores, see purity.mjs.

/** npm packages that only specs import, whatever the layer. */
const TEST_PACKAGES = ['vitest', 'fast-check'];
const NEST_TEST_PACKAGES = [...TEST_PACKAGES, '@nestjs/testing'];

/** Packages of services; below the apps only the kit may know them. */
const SERVICE_PACKAGES = [
  '@nestjs/*',
  'express',
  'express/*',
  'winston',
  'winston/*',
  'axios',
  'axios/*',
  'yaml',
  'yaml/*',
  'rxjs',
  'rxjs/*',
  'prom-client',
  'prom-client/*',
];
const MODEL_PACKAGES = ['class-validator', 'class-transformer', 'tslib'];
const KIT_PACKAGES = [
  ...MODEL_PACKAGES,
  '@nestjs/common',
  '@nestjs/config',
  '@nestjs/core',
  '@nestjs/platform-express',
  'axios', // the one client of management ports
  'express', // types of a request and a response
  'fast-xml-parser', // the seelog file that a configuration may name
  'fastest-levenshtein', // "did you mean" for unknown keys
  'ipaddr.js',
  'prom-client', // the one registry of metrics; what is measured hands over plain numbers
  'reflect-metadata',
  'rxjs', // interceptors
  'winston',
  'yaml',
];

const PLANES = [
  {
    sourceTag: 'plane:data',
    onlyDependOnLibsWithTags: ['plane:data', 'plane:shared'],
  },
  {
    sourceTag: 'plane:control',
    onlyDependOnLibsWithTags: ['plane:control', 'plane:shared'],
  },
  { sourceTag: 'plane:shared', onlyDependOnLibsWithTags: ['plane:shared'] },
  { sourceTag: 'plane:any', onlyDependOnLibsWithTags: ['*'] },
];

/** @param {readonly string[]} names the layers that may be imported */
const layers = (...names) => names.map((name) => `layer:${name}`);

const APP = {
  sourceTag: 'layer:app',
  onlyDependOnLibsWithTags: layers('core', 'model', 'adapter', 'kit'),
};

/** The one app that is made of test machinery; it ships beside the others and in none of them. */
const SIMULATOR = {
  sourceTag: 'layer:simulator',
  onlyDependOnLibsWithTags: layers('core', 'testing'),
};

/** For what ships. */
const PRODUCTION = [
  {
    sourceTag: 'layer:core',
    onlyDependOnLibsWithTags: layers('core'),
    bannedExternalImports: ['*'],
  },
  {
    sourceTag: 'layer:model',
    onlyDependOnLibsWithTags: layers('core', 'model'),
    allowedExternalImports: MODEL_PACKAGES,
  },
  {
    sourceTag: 'layer:adapter',
    onlyDependOnLibsWithTags: layers('core', 'model', 'adapter'),
    bannedExternalImports: [...SERVICE_PACKAGES, ...NEST_TEST_PACKAGES],
  },
  {
    sourceTag: 'layer:kit',
    onlyDependOnLibsWithTags: layers('core', 'model', 'kit'),
    allowedExternalImports: KIT_PACKAGES,
  },
  {
    sourceTag: 'layer:testing',
    onlyDependOnLibsWithTags: layers('core', 'model', 'adapter', 'testing'),
    bannedExternalImports: SERVICE_PACKAGES,
  },
  { ...APP, bannedExternalImports: NEST_TEST_PACKAGES },
  { ...SIMULATOR, bannedExternalImports: [...SERVICE_PACKAGES, ...NEST_TEST_PACKAGES] },
  ...PLANES,
];

/** For specs: the same layers, and the packages that tests are written with. */
const SPEC = [
  ...PRODUCTION.map((constraint) => {
    switch (constraint.sourceTag) {
      case 'layer:core':
        return {
          sourceTag: constraint.sourceTag,
          onlyDependOnLibsWithTags: constraint.onlyDependOnLibsWithTags,
          allowedExternalImports: TEST_PACKAGES,
        };
      case 'layer:model':
        return {
          ...constraint,
          allowedExternalImports: [...MODEL_PACKAGES, ...TEST_PACKAGES, 'reflect-metadata'],
        };
      case 'layer:adapter':
        return { ...constraint, bannedExternalImports: SERVICE_PACKAGES };
      case 'layer:kit':
        return { ...constraint, allowedExternalImports: [...KIT_PACKAGES, ...NEST_TEST_PACKAGES] };
      case 'layer:app':
        return APP;
      case 'layer:simulator':
        return { ...SIMULATOR, bannedExternalImports: SERVICE_PACKAGES };
      default:
        return constraint;
    }
  }),
];

/** The tools run and check everything, so every package is open to them; apps they only start. */
const TOOLS = [
  {
    sourceTag: 'layer:testing',
    onlyDependOnLibsWithTags: layers('core', 'model', 'adapter', 'kit', 'testing'),
  },
  ...PLANES,
];

/** @param {readonly object[]} depConstraints */
const boundaryRule = (depConstraints) => ({
  '@nx/enforce-module-boundaries': [
    'error',
    {
      allow: [],
      allowCircularSelfDependency: false,
      banTransitiveDependencies: true,
      depConstraints,
    },
  ],
});

export const productionBoundaries = boundaryRule(PRODUCTION);
export const specBoundaries = boundaryRule(SPEC);
export const toolsBoundaries = boundaryRule(TOOLS);
