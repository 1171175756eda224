/** The API document as a page for people: plain HTML without a script, so it loads nothing from anywhere. */
import { createHash } from 'node:crypto';
import type { JsonSchema } from './json-schema.ts';
import type { OpenApiDocument, Operation } from './openapi-document.ts';

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { font: 13px/1.5 ui-monospace, monospace; }
section { border-top: 1px solid #8885; padding: .5rem 0; }
td { padding: 0 1.5rem 0 0; vertical-align: top; }
@media (prefers-color-scheme: dark) { body { background: #111; color: #ddd; } a { color: #8bf; } }
`;

/** Nothing but the page's own style. */
export const DOCS_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256')
  .update(STYLE)
  .digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

export function renderDocsPage({ info, paths, components }: OpenApiDocument): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => renderOperation(method, path, operation)),
  );
  const schemas = Object.entries(components.schemas).map(([name, schema]) =>
    renderSchema(name, schema),
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(info.title)} API</title><style>${STYLE}</style></head>
<body><main><h1>${escape(info.title)} API ${escape(info.version)}</h1>
<p>Basic auth on every call. Machine-readable: <a href="/docs/openapi.json">openapi.json</a></p>
${operations.join('\n')}
<h2>Bodies and answers</h2>
${schemas.join('\n')}
</main></body></html>
`;
}

function renderOperation(method: string, path: string, operation: Operation): string {
  const parameters = operation.parameters.map(
    ({ name, in: place, required, schema }) =>
      `<tr><td><code>${escape(name)}</code></td><td>${place}${required ? ', required' : ''}</td>` +
      `<td>${typeOf(schema)}</td></tr>`,
  );
  const body = refIn(operation.requestBody);
  const answer = refIn(operation.responses['200']);
  return `<section><h3><code>${method.toUpperCase()} ${escape(path)}</code></h3>
<p>${escape(operation.summary)}</p>
<table>${parameters.join('')}
${body ? `<tr><td>body</td><td></td><td>${link(body)}</td></tr>` : ''}
${answer ? `<tr><td>answer</td><td></td><td>${link(answer)}</td></tr>` : ''}</table></section>`;
}

function renderSchema(name: string, schema: JsonSchema): string {
  const rows = Object.entries(schema.properties ?? {}).map(([property, value]) => {
    const isRequired = schema.required?.includes(property) ?? false;
    const when = isRequired ? '' : 'may be absent';
    return `<tr><td><code>${escape(property)}</code></td><td>${typeOf(value)}</td><td>${when}</td></tr>`;
  });
  return `<section id="${escape(name)}"><h3>${escape(name)}</h3><table>${rows.join('')}</table></section>`;
}

function typeOf(schema: JsonSchema): string {
  const name = schema.$ref?.split('/').at(-1);
  if (name !== undefined) return link(name);
  if (schema.items) return `list of ${typeOf(schema.items)}`;
  const { minimum, maximum } = schema;
  const range = maximum === undefined ? '' : ` ${minimum ?? ''}–${maximum}`;
  return escape((schema.enum?.join(', ') ?? schema.type ?? 'any') + range);
}

function link(name: string): string {
  return `<a href="#${escape(name)}">${escape(name)}</a>`;
}

/** The first schema that a body or an answer refers to. */
function refIn(holder: unknown): string | undefined {
  return /#\/components\/schemas\/(\w+)/.exec(JSON.stringify(holder ?? null))?.[1];
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
