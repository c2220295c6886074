import type { Config, SettingSource } from './config.ts';
import type { Problem } from './config-error.ts';
import { ConfigError } from './config-error.ts';
import type { SettingName, Settings, SettingTexts } from './settings.ts';
import { parseSettings, SETTING_NAMES } from './settings.ts';
import type { StackSettings } from './stack.ts';
import { readStack } from './stack.ts';
import type { LocalEngines } from './state-file.ts';
import { readStateFile } from './state-file.ts';
import { readTrust } from './trust.ts';
import { withDatabase, withoutPassword } from './urls.ts';

export interface ReadOptions {
  /** The engines of this machine. @default what the state file says */
  readonly engines?: LocalEngines | undefined;
  /** The most that each question to AWS may take, in milliseconds. @default 20_000 */
  readonly awsLimitMs?: number | undefined;
}

/**
 * Reads the configuration: each value from the environment, else from the state file, else from the stack that `WORKSHOP_STACK`
 * names, which is asked for what is missing and nothing else. Rejects with `ConfigError` for settings that cannot work, and with `StackError`
 * for what AWS does not give.
 */
export async function readConfig(
  env: NodeJS.ProcessEnv = process.env,
  { engines, awsLimitMs }: ReadOptions = {},
): Promise<Config> {
  const given = textsOf(env);
  const parsed = parseSettings(given);
  const problems = 'problems' in parsed ? [...parsed.problems] : [];
  const isGiven = given.MYSQL_URL !== undefined && given.REDIS_URL !== undefined;
  const local = isGiven ? {} : localTexts(engines ?? (await readStateFile(given.WORKSHOP_STATE)));
  const needs = (name: 'MYSQL_URL' | 'REDIS_URL') => given[name] === undefined && local[name] === undefined;
  const wanted = {
    mysql: needs('MYSQL_URL'),
    redis: needs('REDIS_URL'),
    outputsFile: given.WORKSHOP_OUTPUTS,
    limitMs: awsLimitMs,
  };
  const stackName = given.WORKSHOP_STACK;
  if (stackName === undefined) {
    if (wanted.mysql) problems.push(missing('MYSQL_URL', 'mysql://user:password@127.0.0.1:3306/workshop'));
    if (wanted.redis) problems.push(missing('REDIS_URL', 'redis://:password@127.0.0.1:6379/0'));
  }
  // All that is wrong here is told before a second is spent on AWS.
  if (problems.length > 0) throw new ConfigError(problems);
  const asksStack = stackName !== undefined && (wanted.mysql || wanted.redis);
  const stack = asksStack ? await readStack(stackName, wanted) : { texts: {} };

  const layers: readonly (readonly [SettingSource, SettingTexts])[] = [
    ['environment', given],
    ['state file', local],
    [`stack ${stackName}`, stack.texts],
  ];
  const merged = parseSettings({ ...stack.texts, ...local, ...given });
  if ('problems' in merged) throw new ConfigError(merged.problems);
  return assemble(merged.settings, stack, (name) => {
    const [source] = layers.find(([, texts]) => texts[name] !== undefined) ?? [];
    return source ?? 'default';
  });
}

async function assemble(
  settings: Settings,
  { mysqlSecret, redisSecret }: StackSettings,
  sourceOf: (name: SettingName) => SettingSource,
): Promise<Config> {
  const { MYSQL_URL = '', REDIS_URL = '' } = settings;
  const tls = await readTrust(settings, mysqlSecret !== undefined);
  return {
    host: settings.HOST,
    port: settings.PORT,
    mysqlUrl: withDatabase(MYSQL_URL, 'workshop'),
    mysqlTls: tls.mysql,
    mysqlSecret,
    redisUrl: REDIS_URL,
    redisTls: tls.redis,
    redisSecret,
    redisMode: settings.REDIS_MODE,
    secretRefreshMs: settings.SECRET_REFRESH_MINUTES * 60_000,
    cachePrefix: settings.CACHE_PREFIX,
    cacheTtlMs: settings.CACHE_TTL_SECONDS * 1_000,
    cacheStaleIfErrorMs: settings.CACHE_STALE_SECONDS * 1_000,
    nearEntries: settings.NEAR_ENTRIES,
    redisTimeoutMs: settings.REDIS_TIMEOUT_MS,
    mysqlTimeoutMs: settings.MYSQL_TIMEOUT_MS,
    mysqlConnections: settings.MYSQL_CONNECTIONS,
    processes: settings.WEB_PROCESSES,
    trustProxy: settings.TRUST_PROXY ?? false,
    rateLimitPerMinute: settings.RATE_LIMIT_PER_MINUTE,
    loadGenerator: settings.LOAD_GENERATOR === 'on',
    logLevel: settings.LOG_LEVEL,
    stopLimitMs: settings.STOP_LIMIT_MS,
    sources: everySetting(sourceOf),
    shown: everySetting((name) => show(settings[name])),
  };
}

/** An empty variable is one that is not set: that is what `PORT= npm start` and an empty line in a unit file mean. */
function textsOf(env: NodeJS.ProcessEnv): SettingTexts {
  return Object.fromEntries(SETTING_NAMES.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}

function localTexts({ mysqlUrl, redisUrl }: LocalEngines): SettingTexts {
  return textsOf({ MYSQL_URL: mysqlUrl, REDIS_URL: redisUrl });
}

function missing(variable: string, example: string): Problem {
  const problem = `is not set, and no engines of "npm start" run here. Run "npm start", or set it to a URL of the form ${example}`;
  return { variable, problem };
}

function show(value: Settings[SettingName]): string {
  if (value === undefined || value === false) return 'none';
  const text = String(value);
  return /^(mysql|rediss?):/.test(text) ? withoutPassword(text) : text;
}

function everySetting<T>(of: (name: SettingName) => T): Readonly<Record<SettingName, T>> {
  return Object.fromEntries(SETTING_NAMES.map((name) => [name, of(name)])) as Record<SettingName, T>;
}
