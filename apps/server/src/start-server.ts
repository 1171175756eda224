/** From a configuration file to a running server: data port, then REST port. */
import { fileURLToPath } from 'node:url';
import { assertBlake3, SourceFence } from '@gofd/piece-store';
import {
  ConfigError,
  createHttpApp,
  createLogger,
  GOFD_VERSION,
  INSECURE_WARNING,
  listen,
  Readiness,
  type RunningService,
  type Unreadiness,
} from '@gofd/service-kit';
import { AppModule } from './app.module.ts';
import { AuditTrail, SERVER_ACTOR } from './audit/audit-trail.ts';
import { loadServerConfig, type ServerConfig } from './config/server-config.schema.ts';
import { readConsoleFiles } from './console/console-files.ts';
import { MISSING_CONSOLE_NOTICE } from './console/missing-console-page.ts';
import { ServerMetrics } from './metrics/server-metrics.ts';
import { loadReportSecret } from './reports/report-secret.ts';
import { FileSourceCatalog } from './seeding/file-source-catalog.ts';
import { openDataPlane } from './seeding/open-data-plane.ts';
import { TcpSeeder } from './seeding/tcp-seeder.ts';
import { ForgetfulTaskStore } from './state/forgetful-task-store.ts';
import { SqliteTaskStore } from './state/sqlite-task-store.ts';
import { StateError, type TaskStore } from './state/task-store.port.ts';
import { TasksService } from './tasks/tasks.service.ts';

const NO_STATE_WARNING =
  'no `state` is configured: when the server stops, its tasks and their results are forgotten';
const NO_SOURCE_ROOTS_WARNING =
  'no `control.sourceRoots` is configured: whoever has the password of the fleet can distribute every ' +
  'file that this process may read';

/** The bundle lies in a folder beside it. */
const CONSOLE_FOLDER = fileURLToPath(new URL('../console/', import.meta.url));

export async function startServer(configFile: string): Promise<RunningService> {
  const config = loadServerConfig(configFile);
  assertBlake3();
  const { net, credentials } = config;
  const logger = createLogger({ name: config.name, logFile: config.log });
  if (net.tls?.insecure) logger.warn(INSECURE_WARNING);
  const { store, reportSecret } = openStore(config.state, configFile);
  if (config.state === undefined) logger.warn(NO_STATE_WARNING);
  const dataPlane = await openDataPlane(config, logger);
  const seeder = new TcpSeeder(net.dataPort, dataPlane, logger);
  const fence = fenceOf(config.control);
  if (!fence) logger.warn(NO_SOURCE_ROOTS_WARNING);
  const catalog = new FileSourceCatalog(fence);
  const metrics = new ServerMetrics(dataPlane);
  const readiness = new Readiness(() => stateProblem(store));
  const { outcomes } = metrics;
  const consoleFiles = readConsoleFiles(CONSOLE_FOLDER);
  if (!consoleFiles) logger.warn(MISSING_CONSOLE_NOTICE, { folder: CONSOLE_FOLDER });
  const parts = { config, logger, catalog, seeder, store, outcomes, reportSecret, consoleFiles };
  const app = await createHttpApp(AppModule.register(parts), {
    credentials,
    logger,
    tls: net.tls,
    operations: { metrics, isMetricsPublic: config.metrics.public, readiness },
  });
  metrics.describeTasks(() => app.get(TasksService).figures());
  const audit = app.get(AuditTrail);
  const close = async (): Promise<void> => {
    await app.close();
    await dataPlane.shutDown();
    audit.note(SERVER_ACTOR, 'stop', 'by a signal');
    store.close();
  };
  try {
    await listen(app, net.ip, net.mgntPort);
    const taskCount = app.get(TasksService).resumeAll();
    readiness.started();
    audit.note(SERVER_ACTOR, 'start', `version ${GOFD_VERSION}, ${taskCount} tasks taken up`);
  } catch (error) {
    await close();
    throw error;
  }
  logger.info('server ready', { ip: net.ip, mgntPort: net.mgntPort, dataPort: net.dataPort });
  return { logger, close };
}

/** Without its state the server takes no task; those that run go on. */
function stateProblem(store: TaskStore): Unreadiness | undefined {
  const message = store.findProblem();
  return message === undefined ? undefined : { code: 'STATE_UNAVAILABLE', message };
}

function fenceOf(control: ServerConfig['control']): SourceFence | undefined {
  const { sourceRoots: roots, sourceHardLinks: allowsHardLinks } = control;
  return roots && new SourceFence({ roots, allowsHardLinks });
}

/** Where the state is kept is configured, so what is wrong with it is told as all of that is. */
function openStore(
  folder: string | undefined,
  configFile: string,
): { store: TaskStore; reportSecret: Uint8Array } {
  try {
    const store = folder === undefined ? new ForgetfulTaskStore() : SqliteTaskStore.open(folder);
    return { store, reportSecret: loadReportSecret(folder) };
  } catch (error) {
    if (!(error instanceof StateError) || error.isInUse) throw error;
    throw new ConfigError(configFile, [{ key: 'state', message: error.message }]);
  }
}
