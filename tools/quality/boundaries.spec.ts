// Plants one violation of each rule that holds the architecture together and expects exactly that
// rule to fire. It fails as well when the boundary rule is skipped (which it is, silently, when Nx
// has no cached project graph) and when a rule becomes so wide that legal imports trip over it.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { beforeAll, describe, expect, it } from 'vitest';
import { LEGAL, type Plant, VIOLATIONS } from './planted.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The workspace's own configuration, minus what would need the planted files to exist. */
function workspaceLinter(): ESLint {
  return new ESLint({
    cwd: ROOT,
    overrideConfig: [
      {
        files: ['**/*.{ts,tsx}'],
        languageOptions: { parserOptions: { projectService: false, project: false } },
        rules: tseslint.configs.disableTypeChecked.rules ?? {},
      },
    ],
  });
}

describe('architecture rules', () => {
  let linter: ESLint;

  beforeAll(() => {
    execFileSync('npx', ['nx', 'show', 'projects'], {
      cwd: ROOT,
      env: { ...process.env, NX_DAEMON: 'false' },
      stdio: 'pipe',
    });
    linter = workspaceLinter();
  });

  /** Each message as `rule: text`. */
  async function lint({ file, code }: Plant): Promise<string[]> {
    const [result] = await linter.lintText(code, { filePath: join(ROOT, file) });
    return (result?.messages ?? []).map(
      ({ ruleId, message }) => `${ruleId ?? 'parser'}: ${message}`,
    );
  }

  it.each(VIOLATIONS.map((plant) => [plant.what, plant] as const))(
    'refuse %s',
    async (_what, plant) => {
      const messages = await lint(plant);
      const fired = messages.filter((message) => message.startsWith(`${plant.rule}: `));
      expect(fired, messages.join('\n')).toHaveLength(1);
      expect(fired[0]).toMatch(plant.message);
    },
  );

  it.each(LEGAL.map((plant) => [plant.what, plant] as const))('allow %s', async (_what, plant) => {
    expect(await lint(plant)).toEqual([]);
  });

  it('refuse a floating promise, which takes types to see', async () => {
    const typed = new ESLint({ cwd: ROOT });
    const code = 'export function a(): void {\n  Promise.resolve();\n}\n';
    const filePath = join(ROOT, 'libs/task-model/src/index.ts');
    const [result] = await typed.lintText(code, { filePath });
    expect(result?.messages.map(({ ruleId }) => ruleId)).toEqual([
      '@typescript-eslint/no-floating-promises',
    ]);
  });
});
