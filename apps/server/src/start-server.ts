/** From a configuration file to a running server: data port, then REST port. */
import { assertBlake3 } from '@gofd/piece-store';
import {
  createHttpApp,
  createLogger,
  INSECURE_WARNING,
  listen,
  type RunningService,
} from '@gofd/service-kit';
import { AppModule } from './app.module.ts';
import { loadServerConfig } from './config/server-config.schema.ts';
import { FileSourceCatalog } from './seeding/file-source-catalog.ts';
import { openDataPlane } from './seeding/open-data-plane.ts';
import { TcpSeeder } from './seeding/tcp-seeder.ts';

export async function startServer(configFile: string): Promise<RunningService> {
  const config = loadServerConfig(configFile);
  assertBlake3();
  const { net, credentials } = config;
  const logger = createLogger({ name: config.name, logFile: config.log });
  if (net.tls?.insecure) logger.warn(INSECURE_WARNING);
  const dataPlane = await openDataPlane(config, logger);
  const seeder = new TcpSeeder(net.dataPort, dataPlane, logger);
  const catalog = new FileSourceCatalog();
  const app = await createHttpApp(AppModule.register({ config, logger, catalog, seeder }), {
    credentials,
    logger,
    tls: net.tls,
  });
  const close = async (): Promise<void> => {
    await app.close();
    await dataPlane.shutDown();
  };
  try {
    await listen(app, net.ip, net.mgntPort);
  } catch (error) {
    await close();
    throw error;
  }
  logger.info('server ready', { ip: net.ip, mgntPort: net.mgntPort, dataPort: net.dataPort });
  return { logger, close };
}
