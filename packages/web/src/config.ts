import { z } from 'zod';

/** What the demo needs to know to run. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly mysqlUrl: string;
  readonly redisUrl: string;
  /** The beginning of every key in Redis. Two demos that share a server need two. */
  readonly cachePrefix: string;
  /** How long a cached result may be served. */
  readonly cacheTtlMs: number;
  /** The most a request waits for Redis before it goes on without. */
  readonly redisTimeoutMs: number;
  /** The most a request waits for MySQL before it gives up. */
  readonly mysqlTimeoutMs: number;
  readonly mysqlConnections: number;
  readonly logLevel: LogLevel;
  /** How long requests in flight may take to finish once the server is told to stop. */
  readonly stopLimitMs: number;
}

export type LogLevel = (typeof LOG_LEVELS)[number];

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** One or more environment variables that cannot work. `message` has a line for each, beginning with its name. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly variables: readonly string[];

  constructor(problems: readonly { variable: string; problem: string }[]) {
    super(problems.map(({ variable, problem }) => `${variable} ${problem}.`).join('\n'));
    this.variables = problems.map(({ variable }) => variable);
  }
}

/** Reads the configuration. Throws `ConfigError`; values are never repeated in it, since URLs hold passwords. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  // An empty variable is one that is not set: that is what `PORT= npm start` and an empty line in a unit file mean.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map(({ path, message }) => ({ variable: path.join('.'), problem: message })),
    );
  }
  const values = parsed.data;
  return {
    host: values.HOST,
    port: values.PORT,
    mysqlUrl: values.MYSQL_URL,
    redisUrl: values.REDIS_URL,
    cachePrefix: values.CACHE_PREFIX,
    cacheTtlMs: values.CACHE_TTL_SECONDS * 1_000,
    redisTimeoutMs: values.REDIS_TIMEOUT_MS,
    mysqlTimeoutMs: values.MYSQL_TIMEOUT_MS,
    mysqlConnections: values.MYSQL_CONNECTIONS,
    logLevel: values.LOG_LEVEL,
    stopLimitMs: values.STOP_LIMIT_MS,
  };
}

const environment = z.object({
  HOST: z.string().default('127.0.0.1'),
  // 0 lets the system choose a free port.
  PORT: whole(0, 65_535).default(8008),
  MYSQL_URL: url('mysql', 'mysql://user:password@127.0.0.1:3306/workshop'),
  REDIS_URL: url('rediss?', 'redis://:password@127.0.0.1:6379/0'),
  CACHE_PREFIX: z
    .string()
    .regex(/^[\w.-]+(:[\w.-]+)*$/, {
      error: 'must be a word of letters, digits, ".", "_" and "-", or several joined by ":"',
    })
    .default('articles'),
  CACHE_TTL_SECONDS: whole(1, 86_400).default(60),
  REDIS_TIMEOUT_MS: whole(1, 60_000).default(500),
  MYSQL_TIMEOUT_MS: whole(1, 600_000).default(15_000),
  MYSQL_CONNECTIONS: whole(1, 1_000).default(10),
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }).default('info'),
  STOP_LIMIT_MS: whole(0, 600_000).default(10_000),
});

function whole(least: number, most: number) {
  const error = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, { error })
    .transform(Number)
    .pipe(z.number().min(least, { error }).max(most, { error }));
}

function url(scheme: string, example: string) {
  return z
    .string({ error: `is not set. It must be a URL of the form ${example}` })
    .refine((text) => new RegExp(`^${scheme}://.`).test(text) && URL.canParse(text), {
      error: `must be a URL of the form ${example}`,
    });
}
