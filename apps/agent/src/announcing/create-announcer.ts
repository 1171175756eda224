/** The announcer of this agent, by its configuration; undefined when no server is named there. */
import { statfs } from 'node:fs/promises';
import { systemClock } from '@gofd/p2p-driver';
import { createHttpClient, GOFD_VERSION, type Logger } from '@gofd/service-kit';
import {
  formatAddress,
  parseLabels,
  type AnnounceDto,
  type AnnounceReceipt,
} from '@gofd/task-model';
import type { AgentConfig } from '../config/agent-config.schema.ts';
import { Announcer } from './announcer.ts';

const HTTP_OK = 200;

export function createAnnouncer(config: AgentConfig, log: Logger): Announcer | undefined {
  const { server, net, credentials } = config;
  if (server === undefined) return undefined;
  const http = createHttpClient({ credentials, tls: net.tls });
  const url = new URL('/api/v1/server/agents/announce', server).href;
  return new Announcer({
    clock: systemClock,
    describe: () => describe(config),
    send: async (announcement) => {
      const { status, data } = await http.post<AnnounceReceipt>(url, announcement);
      return status === HTTP_OK ? data.intervalMs : undefined;
    },
    changed: (isTaken) => {
      if (isTaken) log.info('announced', { server });
      else log.warn('cannot announce this agent; tasks reach it all the same', { server });
    },
  });
}

async function describe({ name, net, zone, labels, downdir }: AgentConfig): Promise<AnnounceDto> {
  const { bavail, bsize } = await statfs(downdir);
  const place = zone ?? net.rack;
  return {
    name,
    address: formatAddress(net.advertisedHost, net.mgntPort),
    dataPort: net.dataPort,
    version: GOFD_VERSION,
    freeBytes: Math.min(Number.MAX_SAFE_INTEGER, bavail * bsize),
    ...(place !== undefined && { zone: place }),
    ...(labels !== undefined && { labels: { ...parseLabels(labels).labels } }),
  };
}
