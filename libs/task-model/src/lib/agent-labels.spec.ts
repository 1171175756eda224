import { describe, expect, it } from 'vitest';
import {
  labelsProblem,
  matchesSelector,
  MAX_LABELS,
  parseLabels,
  selectorProblem,
} from './agent-labels.ts';

const some = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v']));

describe('labels', () => {
  it('are texts of plain characters, and not too many', () => {
    expect(labelsProblem({ role: 'web', 'team/name': 'a.b-c_1' })).toBeUndefined();
    expect(labelsProblem(some(MAX_LABELS))).toBeUndefined();
    expect(labelsProblem(some(MAX_LABELS + 1))).toContain('above 16');
    for (const bad of [[], 'a=b', { a: 1 }, { 'a b': 'c' }, { a: '' }, { a: 'x,y' }, { '': 'v' }]) {
      expect(labelsProblem(bad), JSON.stringify(bad)).toBeTypeOf('string');
    }
    expect(labelsProblem(JSON.parse('{"__proto__":"x"}'))).toBeTypeOf('string');
  });

  it('are read from the text of a configuration file', () => {
    expect(parseLabels('role=web, env=prod')).toEqual({
      labels: { role: 'web', env: 'prod' },
    });
    for (const bad of ['role', 'a=b=c', 'a=1,a=2', 'zone=b', '', 'a=1,']) {
      expect(parseLabels(bad), bad).toHaveProperty('problem', expect.any(String));
    }
  });
});

describe('a selector', () => {
  const agent = { zone: 'b', labels: { role: 'web', env: 'prod' } };

  it.each([
    ['role=web', true],
    ['zone=b', true],
    ['role=web,env=prod,zone=b', true],
    ['role=web,env=test', false],
    ['zone=a', false],
    ['constructor=x', false],
  ])('%s: %s', (selector, isMatch) => {
    expect(matchesSelector(agent, selector)).toBe(isMatch);
    expect(matchesSelector({}, selector)).toBe(false);
    expect(selectorProblem(selector)).toBeUndefined();
  });

  it.each(['', 'role', 'role=', '=web', 'role=web,', 'a=b=c', 'a b=c'])(
    '%j is none',
    (selector) => {
      expect(selectorProblem(selector)).toBeTypeOf('string');
    },
  );
});
