import { Module, type DynamicModule } from '@nestjs/common';
import { createReportSecret, ReportTokens } from '@gofd/auth-crypto';
import { systemClock, type Clock } from '@gofd/p2p-driver';
import { longestTaskIdBytes } from '@gofd/p2p-protocol';
import { createHttpClient, LoadedConfigModule, type Logger } from '@gofd/service-kit';
import { ActiveSlots, formatAddress } from '@gofd/task-model';
import { AuditController } from './audit/audit.controller.ts';
import { AuditTrail } from './audit/audit-trail.ts';
import { ServerConfig } from './config/server-config.schema.ts';
import type { ConsoleFiles } from './console/console-files.ts';
import { CONSOLE_FILES, ConsoleController } from './console/console.controller.ts';
import { AgentClient } from './dispatch/agent-client.port.ts';
import { Dispatcher } from './dispatch/dispatcher.ts';
import { HttpAgentClient } from './dispatch/http-agent-client.ts';
import { DocsController } from './docs/docs.controller.ts';
import { HealthController } from './health/health.controller.ts';
import { AgentInventory } from './inventory/agent-inventory.ts';
import { AgentsController } from './inventory/agents.controller.ts';
import { EventsController } from './live/events.controller.ts';
import { LiveStreams } from './live/live-streams.ts';
import { TaskFeed } from './live/task-feed.ts';
import { LivenessWatch } from './liveness/liveness-watch.ts';
import { HostPlanner } from './planning/host-planner.ts';
import { PlansController } from './planning/plans.controller.ts';
import { PlansService, type PlansOptions } from './planning/plans.service.ts';
import type { Seeder } from './seeding/seeder.port.ts';
import type { SourceCatalog } from './seeding/source-catalog.port.ts';
import type { TaskStore } from './state/task-store.port.ts';
import type { AttemptSettings } from './tasks/attempt-runner.ts';
import { NOBODY_COUNTS, type AttemptOutcomes } from './tasks/attempt-outcomes.ts';
import { DestFence } from './tasks/dest-fence.ts';
import type { CreateTaskLimits } from './tasks/read-create-task.ts';
import { TaskRegistry } from './tasks/task-registry.ts';
import { TasksController } from './tasks/tasks.controller.ts';
import { TasksService } from './tasks/tasks.service.ts';

/** Connecting to an agent; a host that is off is noticed after this. */
const AGENT_CONNECT_TIMEOUT_MS = 5_000;
/** A whole call to an agent. */
const AGENT_CALL_TIMEOUT_MS = 10_000;

const CONTROLLERS = [
  PlansController,
  TasksController,
  EventsController,
  AgentsController,
  AuditController,
  HealthController,
  DocsController,
  ConsoleController,
];

export interface ServerParts {
  readonly config: ServerConfig;
  readonly logger: Logger;
  readonly catalog: SourceCatalog;
  readonly seeder: Seeder;
  readonly store: TaskStore;
  /** Of the report tokens. @default one that goes with the process */
  readonly reportSecret?: Uint8Array;
  /** @default systemClock */
  readonly clock?: Clock;
  /** @default nobody counts */
  readonly outcomes?: AttemptOutcomes;
  /** @default none: a page that says so */
  readonly consoleFiles?: ConsoleFiles | undefined;
}

/** Wires the server: REST in front, attempts behind, agents and data port at the edge. */
@Module({})
export class AppModule {
  static register(parts: ServerParts): DynamicModule {
    const { config, logger, catalog, seeder, store } = parts;
    const { clock = systemClock, outcomes = NOBODY_COUNTS } = parts;
    const audit = new AuditTrail(store, logger);
    const reportTokens = new ReportTokens(parts.reportSecret ?? createReportSecret());
    const feed = new TaskFeed();
    const inventory = new AgentInventory(clock, config.net.agentMgntPort);
    const registry = new TaskRegistry();
    return {
      module: AppModule,
      imports: [LoadedConfigModule.forRoot(ServerConfig, config)],
      controllers: CONTROLLERS,
      providers: [
        { provide: CONSOLE_FILES, useValue: parts.consoleFiles ?? null },
        { provide: AuditTrail, useValue: audit },
        { provide: ReportTokens, useValue: reportTokens },
        { provide: AgentInventory, useValue: inventory },
        { provide: LiveStreams, useFactory: () => new LiveStreams(feed, clock) },
        { provide: AgentClient, inject: [ServerConfig], useFactory: createAgentClient },
        {
          provide: Dispatcher,
          inject: [ServerConfig, AgentClient],
          useFactory: (serverConfig: ServerConfig, client: AgentClient) =>
            createDispatcher(serverConfig, client, clock, reportTokens),
        },
        {
          provide: PlansService,
          inject: [ServerConfig, AgentClient],
          useFactory: (serverConfig: ServerConfig, client: AgentClient) =>
            createPlans(serverConfig, client, { registry, inventory, catalog }),
        },
        {
          provide: TasksService,
          inject: [ServerConfig, AgentClient, Dispatcher],
          useFactory: (
            { net, control }: ServerConfig,
            client: AgentClient,
            dispatcher: Dispatcher,
          ) =>
            new TasksService({
              ...taskLimits(config),
              clock,
              reportTokens,
              slots: new ActiveSlots(control.maxActive),
              registry,
              store,
              audit,
              feed,
              inventory,
              attempt: {
                settings: attemptSettings(net, control),
                catalog,
                seeder,
                dispatcher,
                liveness: new LivenessWatch(client, clock),
                store,
                audit,
                clock,
                log: logger,
                outcomes,
              },
            }),
        },
      ],
    };
  }
}

function taskLimits({ net, credentials, control }: ServerConfig): CreateTaskLimits {
  const { destNetworks } = control;
  return {
    destFence: destNetworks && new DestFence(destNetworks),
    agentMgntPort: net.agentMgntPort,
    longestTaskIdBytes: longestTaskIdBytes(credentials.username),
  };
}

function attemptSettings(
  net: ServerConfig['net'],
  control: ServerConfig['control'],
): AttemptSettings {
  return {
    addresses: {
      management: formatAddress(net.advertisedHost, net.mgntPort),
      data: formatAddress(net.advertisedHost, net.dataPort),
    },
    bytesPerSecond: control.uploadLimitBytesPerSecond,
    topology: control.topology,
  };
}

function createPlans(
  config: ServerConfig,
  client: AgentClient,
  parts: Pick<PlansOptions, 'registry' | 'inventory' | 'catalog'>,
): PlansService {
  return new PlansService({ ...taskLimits(config), ...parts, planner: new HostPlanner(client) });
}

function createAgentClient({ net, credentials }: ServerConfig): AgentClient {
  const http = createHttpClient({
    credentials,
    tls: net.tls,
    timeoutMs: AGENT_CALL_TIMEOUT_MS,
    connectTimeoutMs: AGENT_CONNECT_TIMEOUT_MS,
  });
  return new HttpAgentClient({ http, agentMgntPort: net.agentMgntPort, tls: net.tls });
}

function createDispatcher(
  { net }: ServerConfig,
  client: AgentClient,
  clock: Clock,
  reportTokens: ReportTokens,
): Dispatcher {
  return new Dispatcher({
    client,
    clock,
    reportTokens,
    agentDataPort: net.agentDataPort,
    random: Math.random,
  });
}
