import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aCapturedLog } from '../../../test/captured-log.ts';
import { problemsOf } from '../../../test/sample-config.ts';
import { aFolder } from '../../../test/temporary-folder.ts';
import { closeLogger } from './close-logger.ts';
import { NestLoggerAdapter } from './nest-logger-adapter.ts';

describe('createLogger without a log configuration', () => {
  it('writes lines from level info on to standard output', async () => {
    const { logger, lines } = aCapturedLog();
    logger.debug('too quiet');
    logger.info('started', { port: 45000 });
    await closeLogger(logger);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z INFO {2}test started port=45000\n$/);
  });
});

describe('createLogger with a YAML log configuration', () => {
  it('writes JSON to a file beside it, readable by owner and group, flushed when closed', async () => {
    const folder = aFolder();
    const file = folder.write(
      'log.yml',
      'level: debug\nformat: json\nconsole: false\nfile: {path: logs/s.log}\n',
    );
    const { logger, lines } = aCapturedLog(file);
    for (let n = 0; n < 100; n++) logger.debug('event', { n });
    logger.silly('too quiet');
    await closeLogger(logger);
    const log = join(folder.path, 'logs', 's.log');
    const written = readFileSync(log, 'utf8').trimEnd().split('\n');
    expect(lines).toEqual([]);
    expect(written).toHaveLength(100);
    expect(JSON.parse(written[99] ?? '')).toMatchObject({ level: 'debug', name: 'test', n: 99 });
    expect(statSync(log).mode & 0o007).toBe(0);
  });

  it('gives console and file levels of their own', async () => {
    const folder = aFolder();
    const file = folder.write(
      'log.yml',
      'level: info\nconsole: {level: error}\nfile: {path: s.log, level: warn}\n',
    );
    const { logger, lines } = aCapturedLog(file);
    logger.info('one');
    logger.warn('two');
    logger.error('three');
    await closeLogger(logger);
    expect(lines.join('')).toMatch(/^\S+ ERROR test three\n$/);
    expect(readFileSync(join(folder.path, 's.log'), 'utf8')).toMatch(/two\n.*three\n$/);
  });

  it('rotates the file by size and keeps as many as it was told to', async () => {
    const folder = aFolder();
    const file = folder.write('log.yml', 'file: {path: s.log, maxSizeMiB: 0.001, maxFiles: 2}\n');
    const { logger } = aCapturedLog(file);
    for (let n = 0; n < 60; n++) logger.info('x'.repeat(100));
    await closeLogger(logger);
    expect(statSync(join(folder.path, 's.log')).size).toBeLessThan(2_048);
  });

  it.each([
    ['level: loud', 'level:1 must be error or warn or info or debug or silly, not the text "loud"'],
    ['format: xml', 'format:1 must be line or json, not the text "xml"'],
    ['console: 1', 'console:1 must be a section of keys; leave it out when it has none'],
    ['file: {}', 'file.path:1 is required'],
    [
      'file: {path: a, maxSizeMiB: 0}',
      'file.maxSizeMiB:1 must be a number above 0 and up to 102400, not 0',
    ],
    [
      'file: {path: a, maxFiles: 1001}',
      'file.maxFiles:1 must be an integer from 1 to 1000, not 1001',
    ],
    ['file: {pth: a}', 'file.path:1 is required'],
  ])('refuses %s', (text, problem) => {
    const file = aFolder().write('log.yml', text);
    expect(problemsOf(() => aCapturedLog(file))).toContain(problem);
  });
});

describe('createLogger with a seelog configuration', () => {
  it('gives one warning that names what has no counterpart', async () => {
    const file = aFolder().write(
      'log.xml',
      '<seelog minlevel="debug"><outputs><console/><smtp/></outputs><formats/></seelog>',
    );
    const { logger, lines } = aCapturedLog(file);
    logger.debug('heard');
    await closeLogger(logger);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('WARN  test parts of the log configuration have no counterpart');
    expect(lines[0]).toContain('ignored="formats, smtp"');
  });
});

describe('NestLoggerAdapter', () => {
  it("maps Nest's levels and takes the last text for the context", async () => {
    const folder = aFolder();
    const { logger, lines } = aCapturedLog(folder.write('log.yml', 'level: silly\n'));
    const adapter = new NestLoggerAdapter(logger);
    adapter.log('one', 'Router');
    adapter.warn('two');
    adapter.error('three', 'the stack', 'Injector');
    adapter.fatal(new Error('four'));
    adapter.debug('five');
    adapter.verbose({ six: 6 });
    await closeLogger(logger);
    expect(lines.map((line) => line.slice(line.indexOf('Z ') + 2).trimEnd())).toEqual([
      'DEBUG test one context=Router',
      'WARN  test two',
      'ERROR test three context=Injector details=["the stack"]',
      expect.stringMatching(/^ERROR test four stack="Error: four/),
      'DEBUG test five',
      'SILLY test {"six":6}',
    ]);
  });

  it('F36: leaves out what is thrown to us as well', async () => {
    const { logger, lines } = aCapturedLog();
    const adapter = new NestLoggerAdapter(logger);
    adapter.error('Error: listen EADDRINUSE: address already in use', undefined, 'NestApplication');
    adapter.error('told by nobody else', undefined, 'ExceptionsHandler');
    await closeLogger(logger);
    expect(lines).toEqual([expect.stringContaining('told by nobody else')]);
  });
});
