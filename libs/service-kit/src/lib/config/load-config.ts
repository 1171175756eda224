/**
 * From a file to a frozen, typed configuration, or to all of its problems at once. Parsing looks
 * at the text only, so a sample parses on any machine; loading also looks at what the paths name.
 */
import { ConfigError, type ConfigProblem } from '../errors.ts';
import { registerSecret } from '../logging/redaction.ts';
import type { AuthConfig } from './auth-config.ts';
import { draftConfig, type ConfigDraft } from './config-draft.ts';
import type { SchemaClass } from './config-key.ts';
import { Credentials } from './credentials.ts';
import { deepFreeze } from './deep-freeze.ts';
import { decrypt, PASSWORD_VARIABLE, resolvePassword } from './resolve-password.ts';
import type { ServiceConfig } from './service-config.ts';
import { readConfigText } from './yaml-text.ts';

/** A configuration whose text is sound, but whose files nobody has looked at. */
export type ParsedConfig<T extends ServiceConfig> = Omit<T, 'credentials'>;

export interface ConfigSource {
  /** Name of the file in messages; relative paths of the text are relative to its folder. */
  readonly file: string;
  /** @default process.env */
  readonly env?: NodeJS.ProcessEnv;
}

/** @throws ConfigError with every problem of the text, the encrypted password included */
export function parseConfig<T extends ServiceConfig>(
  text: string,
  { file, env = process.env }: ConfigSource,
  schema: SchemaClass<T>,
): ParsedConfig<T> {
  const draft = draftConfig(text, file, schema);
  const problems = [...draft.problems, ...cipherProblems(draft, env)];
  return deepFreeze(soundValue(draft, problems, file));
}

/** @throws ConfigError with every problem of the text and of the files that it names */
export function loadConfig<T extends ServiceConfig>(
  file: string,
  schema: SchemaClass<T>,
  env: NodeJS.ProcessEnv = process.env,
): T {
  const draft = draftConfig(readConfigText(file), file, schema);
  const auth = soundAuth(draft);
  const resolved = auth && resolvePassword(auth, env);
  const problems = [
    ...draft.problems,
    ...diskProblems(draft),
    ...(resolved && 'problems' in resolved ? withLines(resolved.problems, draft) : []),
  ];
  const value = soundValue(draft, problems, file);
  if (!auth || !resolved || !('password' in resolved)) throw new ConfigError(file, problems);
  return deepFreeze(withCredentials(value, new Credentials(auth.username, resolved.password)));
}

/** Puts the credentials in place of the encrypted entry, and keeps both out of the logs. */
function withCredentials<T extends ServiceConfig>(value: T, credentials: Credentials): T {
  const { username, password } = credentials;
  registerSecret(password);
  registerSecret(Buffer.from(`${username}:${password}`).toString('base64'));
  if (value.auth.password !== undefined) registerSecret(value.auth.password);
  Object.defineProperty(value, 'auth', { enumerable: false });
  return Object.assign(value, { credentials });
}

function soundValue<T>(draft: ConfigDraft<T>, problems: readonly ConfigProblem[], file: string): T {
  if (problems.length > 0 || draft.value === undefined)
    throw new ConfigError(file, inOrder(problems));
  return draft.value;
}

/** The `auth` section, unless it has problems already: a second one for the same key tells nothing. */
function soundAuth(draft: ConfigDraft<ServiceConfig>): AuthConfig | undefined {
  const isReported = draft.problems.some(({ key }) => key === 'auth' || key.startsWith('auth.'));
  return isReported ? undefined : draft.value?.auth;
}

function cipherProblems(
  draft: ConfigDraft<ServiceConfig>,
  env: NodeJS.ProcessEnv,
): readonly ConfigProblem[] {
  const auth = soundAuth(draft);
  const isElsewhere = auth?.passwordFile !== undefined || Boolean(env[PASSWORD_VARIABLE]);
  if (!auth || isElsewhere) return [];
  const result = decrypt(auth);
  return 'problems' in result ? withLines(result.problems, draft) : [];
}

function diskProblems(draft: ConfigDraft<ServiceConfig>): readonly ConfigProblem[] {
  const found = draft.diskChecks.flatMap(({ key, path, section, check }) => {
    const message = check(path, section);
    return message === undefined ? [] : [{ key, message }];
  });
  return withLines(found, draft);
}

function withLines(
  problems: readonly ConfigProblem[],
  draft: ConfigDraft<ServiceConfig>,
): readonly ConfigProblem[] {
  return problems.map((problem) => {
    const line = draft.lineOf(problem.key);
    return line === undefined ? problem : { ...problem, line };
  });
}

/** In the order of the file; what has no line comes last. */
function inOrder(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  return [...problems].sort((a, b) => (a.line ?? Infinity) - (b.line ?? Infinity) || 0);
}
