/** From a configuration file to a running agent: data port, REST port, then the journalled tasks. */
import { assertBlake3 } from '@gofd/piece-store';
import {
  createHttpApp,
  createLogger,
  INSECURE_WARNING,
  listen,
  type RunningService,
} from '@gofd/service-kit';
import { AppModule } from './app.module.ts';
import { loadAgentConfig } from './config/agent-config.schema.ts';
import { openDataPlane } from './data-plane/open-data-plane.ts';
import { AgentTasksService } from './tasks/agent-tasks.service.ts';

export async function startAgent(configFile: string): Promise<RunningService> {
  const config = loadAgentConfig(configFile);
  assertBlake3();
  const { net, credentials } = config;
  const logger = createLogger({ name: config.name, logFile: config.log });
  if (net.tls?.insecure) logger.warn(INSECURE_WARNING);
  const dataPlane = await openDataPlane(config, logger);
  const app = await createHttpApp(AppModule.register({ config, logger, dataPlane }), {
    credentials,
    logger,
    tls: net.tls,
  });
  const tasks = app.get(AgentTasksService);
  const close = async (): Promise<void> => {
    await app.close();
    await tasks.shutDown();
    await dataPlane.shutDown();
  };
  try {
    await listen(app, net.ip, net.mgntPort);
    await tasks.resumeAll();
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
