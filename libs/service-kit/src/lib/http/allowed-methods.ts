/** Which methods a path answers to, read from the running router. */
import type { IncomingMessage } from 'node:http';

interface Layer {
  match(path: string): boolean;
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
}

/** A request as Express hands it on, as far as it is needed here. */
export interface RoutedRequest extends IncomingMessage {
  readonly app: { readonly router: { readonly stack: readonly Layer[] } };
  readonly path: string;
}

/** Upper-case methods, HEAD wherever GET is; empty for a path that no route has. */
export function allowedMethods({ app, path }: RoutedRequest): readonly string[] {
  const methods = new Set<string>();
  for (const { route } of app.router.stack.filter((layer) => matches(layer, path))) {
    for (const method of Object.keys(route?.methods ?? {})) methods.add(method.toUpperCase());
  }
  if (methods.has('GET')) methods.add('HEAD');
  return [...methods].sort();
}

function matches(layer: Layer, path: string): boolean {
  try {
    return layer.route !== undefined && layer.match(path);
  } catch {
    return false; // A path that cannot be decoded names no route.
  }
}
