import { useEffect, useState } from 'preact/hooks';
import type { ApiError } from '@gofd/api-client';
import type { TaskStatus, TaskSummary } from '@gofd/task-model';
import { toApiError } from '../forms/to-api-error.ts';
import { useSession } from '../session/session.ts';

export const TASKS_PER_PAGE = 50;

interface Query {
  readonly status: TaskStatus | undefined;
  /** Cursor; the first page when undefined. */
  readonly after: string | undefined;
  /** It is asked again with each connection; not before the first. */
  readonly connectionCount: number;
}

interface Page {
  readonly tasks: readonly TaskSummary[];
  readonly next?: string;
}

/** One page of the list as the server gives it; the old one stands until the new one is here. */
export function useTaskPage({ status, after, connectionCount }: Query): {
  readonly page: Page | undefined;
  readonly error: ApiError | undefined;
} {
  const { client } = useSession();
  const [page, setPage] = useState<Page>();
  const [error, setError] = useState<ApiError>();
  useEffect(() => {
    if (connectionCount === 0) return undefined;
    const leaving = new AbortController();
    const query = {
      limit: TASKS_PER_PAGE,
      ...(status && { status: [status] }),
      ...(after !== undefined && { after }),
    };
    client.listTasks(query, leaving.signal).then(
      (answer) => {
        setPage(answer);
        setError(undefined);
      },
      (thrown: unknown) => {
        if (!leaving.signal.aborted) setError(toApiError(thrown));
      },
    );
    return () => leaving.abort();
  }, [client, status, after, connectionCount]);
  return { page, error };
}
