// A service that does what its configuration argument says. Started by run-service.spec.ts.
import winston from 'winston';
import { runService, type RunningService } from '../src/lib/lifecycle/run-service.ts';
import { ConfigError } from '../src/lib/errors.ts';

const logger = winston.createLogger({
  format: winston.format.printf(({ level, message }) => `${level} ${String(message)}`),
  transports: [new winston.transports.Stream({ stream: process.stdout })],
});
let alive: NodeJS.Timeout | undefined;

function never(): Promise<void> {
  return new Promise(() => undefined);
}

function stop(): Promise<void> {
  clearInterval(alive);
  return Promise.resolve();
}

const BEHAVIOUR: Readonly<Record<string, () => Promise<RunningService>>> = {
  'bad-config': () => {
    const problems = [
      { key: 'net.ip', line: 3, message: 'is required' },
      { key: 'nam', line: 7, message: 'is not a known key' },
    ];
    return Promise.reject(new ConfigError('server.yml', problems));
  },
  'port-in-use': () => Promise.reject(new Error('cannot listen on\n127.0.0.1:1')),
  good: () => Promise.resolve({ logger, close: stop }),
  'fails-to-stop': () => Promise.resolve({ logger, close: () => Promise.reject(new Error('x')) }),
  'never-stops': () => Promise.resolve({ logger, close: never }),
  throws: () => {
    setImmediate(() => {
      throw new Error('unexpected');
    });
    return Promise.resolve({ logger, close: stop });
  },
  rejects: () => {
    setImmediate(() => void Promise.reject(new Error('unexpected')));
    return Promise.resolve({ logger, close: stop });
  },
};

await runService({
  name: 'fixture',
  start: async (configFile) => {
    process.stdout.write('starting\n');
    alive = setInterval(() => undefined, 60_000);
    const service = await (BEHAVIOUR[configFile] ?? never)();
    process.stdout.write('up\n');
    return service as RunningService;
  },
});
