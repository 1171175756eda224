// The documents say what the code says: every configuration key, every code, no dead link.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FAILURE_CODES, REQUEST_ERROR_STATUS } from '@gofd/task-model';
import { documentedLines } from '../compose/documented-lines.ts';
import { dottedKeys, readSchemaClasses } from './schema-keys.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SCHEMA_FILES = [
  'apps/server/src/config/server-config.schema.ts',
  'apps/agent/src/config/agent-config.schema.ts',
  ...['service', 'net', 'tls', 'auth', 'control', 'metrics'].map(
    (name) => `libs/service-kit/src/lib/config/${name}-config.ts`,
  ),
  'libs/service-kit/src/lib/logging/log-config.ts',
];
const SCHEMAS = ['ServerConfig', 'AgentConfig', 'LogConfig'];
const CODE_FENCE = /^```.*?^```/gms;
const LINK = /\]\(([^)\s]+)\)/g;

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** First cells of all table rows that hold nothing but one piece of code. */
function tableKeys(markdown: string, cell = 1): string[] {
  return markdown.split('\n').flatMap((line) => {
    const key = /^ *`([^`]+)` *$/.exec(line.split('|')[cell] ?? '')?.[1];
    return key === undefined ? [] : [key];
  });
}

function documents(): string[] {
  const listed = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', '*.md'],
    { cwd: ROOT, encoding: 'utf8' },
  );
  return listed.split('\0').filter((path) => path !== '' && existsSync(join(ROOT, path)));
}

function slugOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

function anchorsOf(markdown: string): string[] {
  const text = markdown.replace(CODE_FENCE, '');
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => slugOf(heading));
}

function deadLinks(path: string): string[] {
  const text = read(path).replace(CODE_FENCE, '');
  return [...text.matchAll(LINK)].flatMap(([, target = '']) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [file = '', anchor] = target.split('#');
    const linked = file === '' ? path : join(dirname(path), file);
    if (!existsSync(join(ROOT, linked))) return [`${path} -> ${target}`];
    const isThere = anchor === undefined || anchorsOf(read(linked)).includes(anchor);
    return isThere ? [] : [`${path} -> ${target}`];
  });
}

describe('docs/configuration.md', () => {
  const classes = readSchemaClasses(SCHEMA_FILES.map(read));
  const schemaKeys = new Set(SCHEMAS.flatMap((name) => dottedKeys(classes, name)));
  const documented = new Set(tableKeys(read('docs/configuration.md')));

  it('reads the schemas: sections, inherited and overridden keys', () => {
    const keys = dottedKeys(classes, 'ServerConfig');
    expect(keys).toContain('net.tls.cert');
    expect(keys).toContain('control.speed');
    expect(keys).toContain('control.cacheSize');
    expect(dottedKeys(classes, 'AgentConfig')).not.toContain('control.speed');
  });

  it.each([...schemaKeys])('explains %s', (key) => {
    expect(documented).toContain(key);
  });

  it('explains no key that there is not', () => {
    const keys = [...documented].filter((key) => /^[a-z]/.test(key));
    expect(keys.filter((key) => !schemaKeys.has(key))).toEqual([]);
  });
});

describe('docs/http-api.md', () => {
  const text = read('docs/http-api.md');

  it.each(Object.entries(REQUEST_ERROR_STATUS))('gives %s its status %i', (code, status) => {
    expect(text).toMatch(new RegExp(`^\\| ${status} +\\| \`${code}\` `, 'm'));
  });
});

describe('every failure code', () => {
  const causes = tableKeys(read('docs/http-api.md'));
  const remedies = tableKeys(read('docs/operations.md'));

  it.each(FAILURE_CODES)('%s has a cause and a remedy', (code) => {
    expect(causes).toContain(code);
    expect(remedies).toContain(code);
  });
});

describe('the documents', () => {
  it('have no dead links', () => {
    const paths = documents();
    expect(paths).toContain('README.md');
    expect(paths.flatMap(deadLinks)).toEqual([]);
  });

  it('show the compose line in the README as the compose test runs it', () => {
    const line = documentedLines(read('deploy/compose/README.md'), '--data');
    expect(read('README.md')).toContain(line);
  });
});
