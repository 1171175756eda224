import 'reflect-metadata';
import { runService } from '@gofd/service-kit';
import { startAgent } from './start-agent.ts';

await runService({ name: 'gofd-agent', start: startAgent });
