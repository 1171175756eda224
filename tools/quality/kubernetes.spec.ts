/** deploy/kubernetes against the schemas of the Kubernetes API, and against what we promise of it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DaemonSet, StatefulSet } from 'kubernetes-models/apps/v1';
import { ConfigMap, Namespace, Secret, Service } from 'kubernetes-models/v1';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { MANIFEST_FOLDER, PROBE_PATHS, readManifests, type Manifest } from './manifests.ts';
import { dottedKeys, readSchemaClasses } from './schema-keys.ts';
import { findUntypedKeys } from './typed-manifest.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface Validated {
  validate(): void;
}
/** Each takes plain data and knows its schema; nothing is fetched. */
const MODELS: Readonly<Record<string, new (data: never) => Validated>> = {
  'v1 Namespace': Namespace,
  'v1 ConfigMap': ConfigMap,
  'v1 Secret': Secret,
  'v1 Service': Service,
  'apps/v1 StatefulSet': StatefulSet,
  'apps/v1 DaemonSet': DaemonSet,
};

function validate({ apiVersion, ...rest }: Manifest['value']): void {
  const Model = MODELS[`${apiVersion} ${rest.kind}`];
  if (!Model) throw new Error(`no schema for ${apiVersion} ${rest.kind}`);
  new Model({ apiVersion, ...rest } as never).validate();
}

interface Container {
  readonly name: string;
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly securityContext: Record<string, unknown>;
  readonly resources: { readonly limits: { readonly memory: string } };
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
}
interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}
interface PodSpec {
  readonly securityContext: Record<string, unknown>;
  readonly automountServiceAccountToken: boolean;
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
}

const manifests = readManifests();
const objects = manifests.filter(({ value }) => value.kind !== 'Kustomization');
const workloads = objects.filter(({ value }) => ['StatefulSet', 'DaemonSet'].includes(value.kind));
const podOf = ({ value }: Manifest): PodSpec =>
  (value['spec'] as { template: { spec: PodSpec } }).template.spec;

describe('deploy/kubernetes', () => {
  it('has what a fleet needs', () => {
    const kinds = objects.map(({ value }) => value.kind).sort();
    expect(kinds).toEqual([
      'ConfigMap',
      'DaemonSet',
      'Namespace',
      'Secret',
      'Service',
      'StatefulSet',
    ]);
  });

  it.each(objects)('$file is valid', ({ value }) => {
    expect(() => validate(value)).not.toThrow();
  });

  it('has no key that the API does not have', () => {
    expect(findUntypedKeys(objects.map(({ value }) => value))).toEqual([]);
  });

  it('would be refused with a key too much, or a wrong type', () => {
    const [{ value }] = workloads as [Manifest];
    const spec = value['spec'] as object;
    const replica = { ...value, spec: { ...spec, replica: 1 } };
    expect(findUntypedKeys([replica])).toEqual([expect.stringContaining('"replica"')]);
    expect(() => validate({ ...value, spec: { ...spec, template: 'none' } })).toThrow();
  });

  it('names every file in kustomization.yaml', () => {
    const { resources } = manifests.find(({ value }) => value.kind === 'Kustomization')?.value as {
      resources?: string[];
    };
    const files = readdirSync(MANIFEST_FOLDER).filter((file) => file.endsWith('.yaml'));
    expect([...(resources ?? []), 'kustomization.yaml'].sort()).toEqual(files.sort());
  });
});

describe.each(workloads)('the pods of $file', (manifest) => {
  const pod = podOf(manifest);
  const all = [...pod.containers, ...(pod.initContainers ?? [])];

  it('run without rights', () => {
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(pod.automountServiceAccountToken).toBe(false);
    for (const { securityContext } of all) {
      expect(securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  });

  it('have a limit of memory, and probes on routes and ports that there are', () => {
    for (const container of pod.containers) {
      expect(container.resources.limits.memory).toMatch(/^\d+Mi$/);
      const ports = container.ports?.map(({ name }) => name);
      const probes = [container.livenessProbe, container.readinessProbe];
      expect(probes.map(({ httpGet }) => httpGet.path)).toEqual(PROBE_PATHS);
      for (const { httpGet } of probes) expect(ports).toContain(httpGet.port);
    }
  });
});

describe('the configuration in the ConfigMap', () => {
  const config = objects.find(({ value }) => value.kind === 'ConfigMap')?.value['data'] as Record<
    string,
    string
  >;
  const kit = ['service', 'net', 'tls', 'auth', 'control', 'metrics'].map(
    (name) => `libs/service-kit/src/lib/config/${name}-config.ts`,
  );

  it.each([
    ['server.yml', 'apps/server/src/config/server-config.schema.ts', 'ServerConfig'],
    ['agent.yml', 'apps/agent/src/config/agent-config.schema.ts', 'AgentConfig'],
  ])('%s has known keys only, and no password', (name, schema, className) => {
    const texts = [schema, ...kit].map((path) => readFileSync(join(ROOT, path), 'utf8'));
    const known = new Set(dottedKeys(readSchemaClasses(texts), className));
    const keys = keysIn(parse(config[name] ?? '') as object);
    expect(keys).toContain('net.mgntPort');
    expect(keys.filter((key) => !known.has(key))).toEqual([]);
    expect(keys).not.toContain('auth.password');
  });
});

function keysIn(section: object, prefix = ''): string[] {
  return Object.entries(section).flatMap(([key, value]): string[] => {
    const path = `${prefix}${key}`;
    return typeof value === 'object' && value !== null
      ? [path, ...keysIn(value as object, `${path}.`)]
      : [path];
  });
}
