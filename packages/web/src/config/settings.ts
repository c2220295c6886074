import { availableParallelism } from 'node:os';
import { z } from 'zod';
import type { Problem } from './config-error.ts';
import { readTrustProxy } from './trust-proxy.ts';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const MAX_PROCESSES = 64;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** `node`: one server, or a primary's endpoint. `cluster` and `serverless` are talked to as a Redis Cluster. */
export type RedisMode = (typeof REDIS_MODES)[number];
export const REDIS_MODES = ['node', 'cluster', 'serverless'] as const;

/** Every setting, by the variable that sets it. The two URLs may also come from elsewhere. */
const SETTINGS = z.object({
  HOST: z.string().default('127.0.0.1'),
  // 0 lets the system choose a free port.
  PORT: whole(0, 65_535).default(8008),
  MYSQL_URL: url('mysql', 'mysql://user:password@127.0.0.1:3306/workshop').optional(),
  MYSQL_TLS: z.enum(['verify', 'off'], { error: 'must be verify or off' }).optional(),
  MYSQL_CA: z.string().optional(),
  REDIS_URL: url('rediss?', 'redis://:password@127.0.0.1:6379/0').optional(),
  REDIS_CA: z.string().optional(),
  REDIS_MODE: z.enum(REDIS_MODES, { error: `must be one of ${REDIS_MODES.join(', ')}` }).default('node'),
  WORKSHOP_STACK: z
    .string()
    .regex(/^([A-Za-z][A-Za-z0-9-]{0,127}|arn:aws[\w-]*:cloudformation:\S+)$/, {
      error: "must be a CloudFormation stack's name, such as WorkshopStack, or its ARN",
    })
    .optional(),
  WORKSHOP_OUTPUTS: z.string().optional(),
  WORKSHOP_STATE: z.string().optional(),
  SECRET_REFRESH_MINUTES: whole(0, 1_440).default(60),
  CACHE_PREFIX: z
    .string()
    .regex(/^[\w.-]+(:[\w.-]+)*$/, {
      error: 'must be a word of letters, digits, ".", "_" and "-", or several joined by ":"',
    })
    .default('articles'),
  CACHE_TTL_SECONDS: whole(1, 86_400).default(60),
  CACHE_STALE_SECONDS: whole(0, 86_400).default(600),
  NEAR_ENTRIES: whole(0, 10_000_000).default(0),
  REDIS_TIMEOUT_MS: whole(1, 60_000).default(500),
  MYSQL_TIMEOUT_MS: whole(1, 600_000).default(15_000),
  MYSQL_CONNECTIONS: whole(1, 1_000).default(10),
  WEB_PROCESSES: z
    .string()
    .transform((text) => (text === 'auto' ? ownCores() : text))
    .pipe(whole(1, MAX_PROCESSES, `must be a whole number from 1 to ${MAX_PROCESSES}, or auto`))
    .default(1),
  TRUST_PROXY: z
    .string()
    .transform(readTrustProxy)
    .refine((trusted) => trusted !== undefined, {
      error:
        'must be none, a number of proxies from 1 to 10, or a list of addresses, such as "loopback, 10.0.0.0/16"',
    })
    .default(false),
  RATE_LIMIT_PER_MINUTE: whole(0, 1_000_000).default(600),
  LOAD_GENERATOR: z.enum(['on', 'off'], { error: 'must be on or off' }).optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }).default('info'),
  STOP_LIMIT_MS: whole(0, 600_000).default(10_000),
});

export type Settings = z.output<typeof SETTINGS> & {
  readonly MYSQL_TLS: 'verify' | 'off';
  readonly LOAD_GENERATOR: 'on' | 'off';
};
export type SettingName = keyof Settings;
/** Settings as a variable holds them. */
export type SettingTexts = { readonly [Name in SettingName]?: string | undefined };

export const SETTING_NAMES = Object.keys(SETTINGS.shape) as readonly SettingName[];

/** Parses what is given and fills in the defaults; or tells all that cannot work. */
export function parseSettings(
  texts: SettingTexts,
): { readonly settings: Settings } | { readonly problems: readonly Problem[] } {
  const parsed = SETTINGS.safeParse(texts);
  if (parsed.success) {
    const { MYSQL_CA, MYSQL_TLS = MYSQL_CA === undefined ? 'off' : 'verify' } = parsed.data;
    // Who can be reached from elsewhere is not put under load by strangers.
    const { LOAD_GENERATOR = isLoopback(parsed.data.HOST) ? 'on' : 'off' } = parsed.data;
    return { settings: { ...parsed.data, MYSQL_TLS, LOAD_GENERATOR } };
  }
  return {
    problems: parsed.error.issues.map(({ path, message }) => ({
      variable: path.join('.'),
      problem: message,
    })),
  };
}

function whole(least: number, most: number, error = `must be a whole number from ${least} to ${most}`) {
  return z
    .string()
    .regex(/^\d{1,9}$/, { error })
    .transform(Number)
    .pipe(z.number().min(least, { error }).max(most, { error }));
}

function url(scheme: string, example: string) {
  return z.string().refine((text) => new RegExp(`^${scheme}://.`).test(text) && isReadable(text), {
    error: `must be a URL of the form ${example}`,
  });
}

/** A URL whose parts are escaped as they should be: a % in a password is %25. */
function isReadable(text: string): boolean {
  try {
    const { username, password, pathname } = new URL(text);
    return [username, password, pathname].every((part) => decodeURIComponent(part) !== undefined);
  } catch {
    return false;
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function ownCores(): string {
  return String(Math.min(availableParallelism(), MAX_PROCESSES));
}
