/** Which page the address names: `#/tasks`, `#/tasks/release-7`, `#/new`, `#/agents`. */
import { useEffect, useState } from 'preact/hooks';

export type Route =
  | { readonly page: 'tasks' }
  | { readonly page: 'task'; readonly taskId: string }
  | { readonly page: 'new' }
  | { readonly page: 'agents' };

export function parseRoute(hash: string): Route {
  const [page, id] = hash.replace(/^#?\/?/, '').split('/');
  if (page === 'new') return { page };
  if (page === 'agents') return { page };
  if (page === 'tasks' && id) return { page: 'task', taskId: decoded(id) };
  return { page: 'tasks' };
}

export function hrefOf(route: Route): string {
  if (route.page === 'task') return `#/tasks/${encodeURIComponent(route.taskId)}`;
  return `#/${route.page}`;
}

export function goTo(route: Route): void {
  location.hash = hrefOf(route);
}

export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const take = (): void => setHash(location.hash);
    addEventListener('hashchange', take);
    return () => removeEventListener('hashchange', take);
  }, []);
  return parseRoute(hash);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // no encoding of ours; the server will not know it either
  }
}
