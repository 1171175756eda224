import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../../test/sample-config.ts';
import { readSeelog } from './seelog.ts';

const FILE = '/etc/gofd/log.xml';
const read = (text: string) => readSeelog(text, FILE);

describe('readSeelog', () => {
  it('reads minlevel, console and a file that rolls by size', () => {
    const text = `<?xml version="1.0"?>
      <!-- as in the reference -->
      <seelog type="asynctimer" asyncinterval="5000000" minlevel="warn">
        <outputs formatid="main">
          <console/>
          <rollingfile type="size" filename="log/gofd.log" maxsize="10000000" maxrolls="5"/>
        </outputs>
      </seelog>`;
    expect(read(text)).toEqual({
      format: 'line',
      consoleLevel: 'warn',
      files: [
        { path: '/etc/gofd/log/gofd.log', level: 'warn', maxSizeBytes: 10_000_000, maxFiles: 6 },
      ],
      ignored: [],
    });
  });

  it.each([
    ['trace', 'silly'],
    ['debug', 'debug'],
    ['info', 'info'],
    ['warn', 'warn'],
    ['error', 'error'],
    ['critical', 'error'],
  ])('takes minlevel %s for %s', (minlevel, level) => {
    expect(read(`<seelog minlevel="${minlevel}"/>`).consoleLevel).toBe(level);
  });

  it('logs nothing at minlevel off', () => {
    expect(read('<seelog minlevel="off"><outputs><file path="a"/></outputs></seelog>')).toEqual({
      format: 'line',
      files: [],
      ignored: [],
    });
  });

  it('names each thing that has no counterpart once', () => {
    const text = `<seelog minlevel="info" maxlevel="error"><exceptions/><outputs>
      <file path="/a" formatid="x"/><rollingfile type="date" path="/b" datepattern="y"/>
      <filter levels="debug"/><filter levels="info"/></outputs><formats><format id="x"/></formats></seelog>`;
    const settings = read(text);
    expect(settings.files.map(({ path }) => path)).toEqual(['/a', '/b']);
    expect(settings.ignored).toEqual([
      'maxlevel',
      'exceptions',
      'formats',
      'rollingfile datepattern',
      'rollingfile type="date"',
      'filter',
    ]);
  });

  it.each([
    ['text that is no XML', 'nonsense', /^xml:/],
    ['an element that never closes', '<seelog>', /^xml:1 /],
    [
      'a document type that is none',
      '<!DOCTYPE x [<!ENTITY ! "b">]><seelog/>',
      /^xml:- Invalid entity name !/,
    ],
    ['another root', '<log/>', /^xml:- has no <seelog> element$/],
    ['an unknown level', '<seelog minlevel="loud"/>', /^minlevel:- must be one of trace/],
    [
      'a file without a path',
      '<seelog><outputs><file/></outputs></seelog>',
      /^file:- needs a path$/,
    ],
    [
      'a size that is no number',
      '<seelog><outputs><rollingfile path="a" maxsize="big"/></outputs></seelog>',
      /^maxsize:- must be a number$/,
    ],
  ])('refuses %s', (_what, text, problem) => {
    expect(problemsOf(() => read(text))[0]).toMatch(problem);
  });
});
