import 'reflect-metadata';
import { runService } from '@gofd/service-kit';
import { startServer } from './start-server.ts';

await runService({ name: 'gofd-server', start: startServer });
