import { useEffect, useState } from 'preact/hooks';
import type { AgentRow } from '@gofd/task-model';
import { useSession } from '../session/session.ts';
import { formatBytes, formatCount, formatMoment } from '../text/quantities.ts';
import { useAgents } from './use-agents.ts';

const AGENTS_PER_PAGE = 200;

/** The agents that have announced themselves. */
export function AgentsPage() {
  const session = useSession();
  const agents = useAgents(session);
  const [pageIndex, setPageIndex] = useState(0);
  useEffect(() => {
    document.title = 'Agents – GoFD';
  }, []);
  if (!agents) return <p>Loading…</p>;
  const aliveCount = agents.filter(({ isAlive }) => isAlive).length;
  const from = pageIndex * AGENTS_PER_PAGE;
  return (
    <>
      <h1>Agents</h1>
      {agents.length === 0 ? (
        <p>
          No agent has announced itself. Agents do when their configuration names this{' '}
          <code>server</code>; those that do not are reached by their address all the same.
        </p>
      ) : (
        <p>
          {formatCount(aliveCount)} of {formatCount(agents.length)} were heard of in the last 30 s.
        </p>
      )}
      <AgentTable agents={agents.slice(from, from + AGENTS_PER_PAGE)} />
      {agents.length > AGENTS_PER_PAGE && (
        <nav class="paging" aria-label="Pages of the agents">
          <button type="button" disabled={from === 0} onClick={() => setPageIndex(pageIndex - 1)}>
            Back
          </button>
          <span>Page {pageIndex + 1}</span>
          <button
            type="button"
            disabled={from + AGENTS_PER_PAGE >= agents.length}
            onClick={() => setPageIndex(pageIndex + 1)}
          >
            Further
          </button>
        </nav>
      )}
    </>
  );
}

function AgentTable({ agents }: { readonly agents: readonly AgentRow[] }) {
  if (agents.length === 0) return null;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Agent</th>
          <th scope="col">State</th>
          <th scope="col">Free</th>
          <th scope="col" class="wide">
            Zone and labels
          </th>
          <th scope="col" class="wide">
            Version
          </th>
          <th scope="col" class="wide">
            Last heard of
          </th>
        </tr>
      </thead>
      <tbody>
        {agents.map((agent) => (
          <tr key={agent.address}>
            <th scope="row">
              {agent.name}
              <small>{agent.address}</small>
            </th>
            <td>
              <span class={`badge ${agent.isAlive ? 'completed' : 'failed'}`}>
                {agent.isAlive ? 'alive' : 'silent'}
              </span>
            </td>
            <td>{formatBytes(agent.freeBytes)}</td>
            <td class="wide">{describePlace(agent)}</td>
            <td class="wide">{agent.version}</td>
            <td class="wide">
              <time datetime={agent.lastSeenAt}>{formatMoment(agent.lastSeenAt)}</time>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function describePlace({ zone, labels = {} }: AgentRow): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return [...(zone === undefined ? [] : [`zone=${zone}`]), ...pairs].join(', ');
}
