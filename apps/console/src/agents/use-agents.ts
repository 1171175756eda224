import { useEffect, useState } from 'preact/hooks';
import type { AgentRow } from '@gofd/task-model';
import { toApiError } from '../forms/to-api-error.ts';
import type { Session } from '../session/session.ts';

/** Agents announce themselves every 10 s; nothing streams the list. */
const ASK_INTERVAL_MS = 5_000;

/** The agents, asked for again and again; undefined until the first answer. */
export function useAgents({ client, connection }: Session): readonly AgentRow[] | undefined {
  const [agents, setAgents] = useState<readonly AgentRow[]>();
  useEffect(() => {
    const leaving = new AbortController();
    let timer = 0;
    const ask = async (): Promise<void> => {
      try {
        setAgents(await client.listAgents(leaving.signal));
        connection.heard();
      } catch (thrown) {
        const error = toApiError(thrown);
        if (leaving.signal.aborted) return;
        connection.lost(error, Date.now());
        if (!error.isPassing) return;
      }
      timer = window.setTimeout(() => void ask(), ASK_INTERVAL_MS);
    };
    void ask();
    return () => {
      leaving.abort();
      clearTimeout(timer);
    };
  }, [client, connection]);
  return agents;
}
