/** The API document against the running router and real answers. */
import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../src/docs/json-schema.ts';
import type { OpenApiDocument } from '../src/docs/openapi-document.ts';
import { AUTHORIZATION, ServerUnderTest, someAgents } from './server-under-test.ts';

async function theDocument(server: ServerUnderTest): Promise<OpenApiDocument> {
  const url = new URL('/docs/openapi.json', server.url);
  const response = await fetch(url, { headers: { authorization: AUTHORIZATION } });
  expect(response.status).toBe(200);
  return (await response.json()) as OpenApiDocument;
}

/** What of a value the schema does not say, or says otherwise; as paths. */
function differences(
  value: unknown,
  schema: JsonSchema,
  document: OpenApiDocument,
  at = '',
): string[] {
  const name = schema.$ref?.split('/').at(-1);
  if (name !== undefined) {
    const named = document.components.schemas[name];
    return named ? differences(value, named, document, at) : [`${at}: no schema ${name}`];
  }
  if (schema.type === 'array') {
    if (!Array.isArray(value)) return [`${at}: no list`];
    return value.flatMap((item, index) =>
      differences(item, schema.items ?? {}, document, `${at}[${index}]`),
    );
  }
  if (schema.type !== 'object') {
    const type = schema.type === 'integer' ? 'number' : schema.type;
    const isOne = typeof value === type && (schema.enum?.includes(value as string) ?? true);
    return isOne ? [] : [`${at}: ${JSON.stringify(value)} is no ${schema.type}`];
  }
  const given = value as Readonly<Record<string, unknown>>;
  const missing = (schema.required ?? []).filter((key) => !(key in given));
  const { additionalProperties: rest } = schema;
  return [
    ...missing.map((key) => `${at}.${key}: missing`),
    ...Object.entries(given).flatMap(([key, item]) => {
      const known = schema.properties?.[key] ?? (typeof rest === 'object' ? rest : undefined);
      return known
        ? differences(item, known, document, `${at}.${key}`)
        : [`${at}.${key}: not said`];
    }),
  ];
}

describe('the API document', () => {
  it('has exactly the routes of the running router', async () => {
    const server = await ServerUnderTest.start();
    const { paths } = await theDocument(server);
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(described.sort()).toEqual([...server.routes].sort());
    expect(described).toContain('get /api/v1/server/tasks/{id}/events');
  });

  it('says what bodies and queries must be, from the rules that check them', async () => {
    const { paths, components } = await theDocument(await ServerUnderTest.start());
    expect(components.schemas['CreateTaskDto']).toMatchObject({
      type: 'object',
      properties: {
        id: { type: 'string' },
        dispatchFiles: { type: 'array', minItems: 1, maxItems: 10_000, items: { type: 'string' } },
        destGroups: { type: 'array', items: { type: 'string' } },
      },
      required: expect.arrayContaining(['id', 'dispatchFiles']) as string[],
      additionalProperties: false,
    });
    expect(components.schemas['StatusReportDto']).toMatchObject({
      properties: {
        percentComplete: { type: 'number', minimum: -1, maximum: 100 },
        measures: { $ref: '#/components/schemas/HostMeasuresDto' },
      },
    });
    expect(paths['/api/v1/server/tasks/{id}/hosts']?.['get']?.parameters).toEqual(
      expect.arrayContaining([
        { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
        {
          name: 'limit',
          in: 'query',
          required: false,
          schema: { type: 'integer', minimum: 1, maximum: 1_000 },
        },
      ]),
    );
  });

  it('says what the server answers', async () => {
    const server = await ServerUnderTest.start();
    const document = await theDocument(server);
    const [agent] = await someAgents(1);
    const host = agent?.host ?? '';
    await server.create('t1', [host]);
    await server.waitForTask('t1', ({ hostCounts }) => hostCounts.inProgress === 1);
    const measures = { bytesPerSecond: 5, sources: [{ address: 'x:1', bytes: 5 }] };
    await server.report({ taskId: 't1', ip: host, percentComplete: 5, measures });
    await server.report({ taskId: 't1', ip: host, percentComplete: -1, code: 'NO_SPACE' });
    const said = { name: 'a', address: host, dataPort: 1, version: '1', freeBytes: 1, zone: 'z' };
    await server.call('POST', '/agents/announce', { ...said, labels: { role: 'web' } });
    for (const [path, name] of [
      ['/tasks', 'TaskList'],
      ['/tasks/t1', 'TaskView'],
      ['/tasks/t1/hosts', 'HostPage'],
      ['/agents', 'AgentList'],
      [`/agents/check?host=${host}`, 'HostCheck'],
      ['/audit', 'AuditList'],
      ['/health', 'Health'],
      ['/tasks/none', 'Error'],
      ['/tasks?limit=0', 'Error'],
    ] as const) {
      const { body } = await server.call<unknown>('GET', path);
      const schema = { $ref: `#/components/schemas/${name}` };
      expect(differences(body, schema, document), path).toEqual([]);
    }
    const task = { id: 't2', dispatchFiles: ['/src/two.bin'], destIPs: [host] };
    const plan = await server.call<unknown>('POST', '/tasks/plan', task);
    const schema = { $ref: '#/components/schemas/PlanView' };
    expect(differences(plan.body, schema, document)).toEqual([]);
  });

  it('is a page too, which loads nothing and needs the password', async () => {
    const server = await ServerUnderTest.start();
    const url = new URL('/docs', server.url);
    expect((await fetch(url)).status).toBe(401);
    const response = await fetch(url, { headers: { authorization: AUTHORIZATION } });
    const page = await response.text();
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page).toContain('GET /api/v1/server/tasks/{id}/events');
    expect(page).not.toMatch(/<script|src=|https?:\/\//);
  });
});
