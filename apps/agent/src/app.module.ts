import { Module, type DynamicModule } from '@nestjs/common';
import { systemClock, type DataPlane } from '@gofd/p2p-driver';
import { longestTaskIdBytes } from '@gofd/p2p-protocol';
import {
  createHttpClient,
  GOFD_VERSION,
  LoadedConfigModule,
  toBytesPerSecond,
  type Logger,
} from '@gofd/service-kit';
import { ActiveSlots, type AgentInfo } from '@gofd/task-model';
import { AgentConfig } from './config/agent-config.schema.ts';
import { HealthController } from './health/health.controller.ts';
import { TaskJournal } from './journal/task-journal.ts';
import { AgentPlanController } from './planning/agent-plan.controller.ts';
import { HttpReportSender } from './reporting/http-report-sender.ts';
import { ReportChannelFactory } from './reporting/report-channel.factory.ts';
import { AgentInfoController } from './tasks/agent-info.controller.ts';
import { AGENT_INFO, WIRE_VERSIONS } from './tasks/agent-info.ts';
import { AgentTasksController } from './tasks/agent-tasks.controller.ts';
import { AgentTasksService } from './tasks/agent-tasks.service.ts';

export interface AgentParts {
  readonly config: AgentConfig;
  readonly logger: Logger;
  readonly dataPlane: DataPlane;
  /** Told how tasks end here: COMPLETED, or the code of the failure. @default nobody */
  readonly concluded?: (outcome: string) => void;
}

/** Wires the agent: REST in front, tasks behind, reports to the server. */
@Module({})
export class AppModule {
  static register({ config, logger, dataPlane, concluded }: AgentParts): DynamicModule {
    return {
      module: AppModule,
      imports: [LoadedConfigModule.forRoot(AgentConfig, config)],
      controllers: [
        AgentInfoController,
        AgentPlanController,
        AgentTasksController,
        HealthController,
      ],
      providers: [
        {
          provide: AGENT_INFO,
          inject: [AgentConfig],
          useFactory: ({ net, zone }: AgentConfig): AgentInfo => ({
            version: GOFD_VERSION,
            wireVersions: WIRE_VERSIONS,
            dataPort: net.dataPort,
            ...(net.rack !== undefined && { rack: net.rack }),
            ...(zone !== undefined && { zone }),
          }),
        },
        { provide: ReportChannelFactory, inject: [AgentConfig], useFactory: createReports },
        {
          provide: AgentTasksService,
          inject: [AgentConfig, ReportChannelFactory],
          useFactory: (
            { downdir, net, control, credentials }: AgentConfig,
            reports: ReportChannelFactory,
          ) =>
            new AgentTasksService(
              {
                downdir,
                dataPort: net.dataPort,
                longestTaskIdBytes: longestTaskIdBytes(credentials.username),
                names: [net.advertisedHost, net.ip],
                uploadBytesPerSecond: control.uploadLimitBytesPerSecond,
                downloadBytesPerSecond: toBytesPerSecond(control.downloadSpeed),
              },
              {
                dataPlane,
                journal: new TaskJournal(downdir),
                slots: new ActiveSlots(control.maxActive),
                reports,
                log: logger,
                concluded,
              },
            ),
        },
      ],
    };
  }
}

function createReports({ net, credentials }: AgentConfig): ReportChannelFactory {
  const http = createHttpClient({ credentials, tls: net.tls });
  return new ReportChannelFactory(
    systemClock,
    net.advertisedHost,
    (serverAddress) => new HttpReportSender(http, serverAddress, net.tls),
  );
}
