/** From a configuration file to a running agent: data port, REST port, then the journalled tasks. */
import { assertBlake3 } from '@gofd/piece-store';
import {
  checkSamplePassword,
  createHttpApp,
  createLogger,
  INSECURE_WARNING,
  listen,
  Readiness,
  writableFolderProblem,
  type RunningService,
  type Unreadiness,
} from '@gofd/service-kit';
import { createAnnouncer } from './announcing/create-announcer.ts';
import { AppModule } from './app.module.ts';
import { loadAgentConfig } from './config/agent-config.schema.ts';
import { openDataPlane } from './data-plane/open-data-plane.ts';
import { AgentMetrics } from './metrics/agent-metrics.ts';
import { AgentTasksService } from './tasks/agent-tasks.service.ts';

export async function startAgent(configFile: string): Promise<RunningService> {
  const config = loadAgentConfig(configFile);
  const passwordWarning = checkSamplePassword(config, configFile);
  assertBlake3();
  const { net, credentials } = config;
  const { name, log: logFile } = config;
  const logger = createLogger({ name, logFile, host: net.advertisedHost });
  if (passwordWarning !== undefined) logger.warn(passwordWarning);
  if (net.tls?.insecure) logger.warn(INSECURE_WARNING);
  const dataPlane = await openDataPlane(config, logger);
  const metrics = new AgentMetrics(dataPlane);
  const readiness = new Readiness(() => downdirProblem(config.downdir));
  const { concluded } = metrics;
  const app = await createHttpApp(AppModule.register({ config, logger, dataPlane, concluded }), {
    credentials,
    logger,
    tls: net.tls,
    operations: { metrics, isMetricsPublic: config.metrics.public, readiness },
  });
  const tasks = app.get(AgentTasksService);
  metrics.describeTasks(() => tasks.figures());
  const announcer = createAnnouncer(config, logger);
  const close = async (): Promise<void> => {
    announcer?.stop();
    await app.close();
    await tasks.shutDown();
    await dataPlane.shutDown();
  };
  try {
    await listen(app, net.ip, net.mgntPort);
    await tasks.resumeAll();
    readiness.started();
    announcer?.start();
  } catch (error) {
    await close();
    throw error;
  }
  logger.info('agent ready', {
    ip: net.ip,
    mgntPort: net.mgntPort,
    dataPort: net.dataPort,
    downdir: config.downdir,
  });
  return { logger, close };
}

/** A host whose disk went away or turned read-only takes no task. */
function downdirProblem(downdir: string): Unreadiness | undefined {
  const problem = writableFolderProblem(downdir, {});
  if (problem === undefined) return undefined;
  return { code: 'DEST_UNWRITABLE', message: problem.replace(downdir, 'downdir') };
}
