import { Argument, Command, Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { bashScript } from './bash-script.ts';
import { commandTree } from './command-tree.ts';
import { fishScript } from './fish-script.ts';
import { zshScript } from './zsh-script.ts';

function aProgram(): Command {
  const program = new Command('gofd').option('-s <server.yml>', 'the server');
  const task = program.command('task').description("many: hosts' files");
  task
    .command('get')
    .option('--json', 'as it came')
    .option('--id <id>', 'which')
    .addOption(new Option('--state <state>', 'only these').choices(['INIT', 'FAILED']));
  program.command('completion').addArgument(new Argument('<shell>').choices(['bash', 'zsh']));
  return program;
}

describe('commandTree', () => {
  it('has every command, and tells files, choices and free values apart', () => {
    const tree = commandTree(aProgram());
    expect(tree.map(({ path }) => path)).toEqual(['', 'task', 'task get', 'completion']);
    expect(tree[0]?.options.map(({ word, value }) => [word, value])).toEqual([
      ['-s', 'file'],
      ['--help', undefined],
    ]);
    expect(tree[2]?.options.map(({ value }) => value)).toEqual([
      undefined,
      'free',
      ['INIT', 'FAILED'],
      undefined,
    ]);
    expect(tree[3]?.argument).toEqual(['bash', 'zsh']);
  });
});

describe('scripts', () => {
  const tree = commandTree(aProgram());

  it('quote what stands in descriptions', () => {
    expect(zshScript(tree)).toContain(`'task:many: hosts'\\'' files'`);
    expect(fishScript(tree)).toContain(`-a 'task' -d 'many: hosts\\' files'`);
  });

  it('know every command, option and choice', () => {
    for (const script of [bashScript(tree), zshScript(tree)]) {
      for (const word of ['task get', '--json', '--state', 'FAILED', 'zsh']) {
        expect(script).toContain(word);
      }
    }
  });
});
