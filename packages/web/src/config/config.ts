import type { Secret } from './secret.ts';
import type { LogLevel, RedisMode, SettingName } from './settings.ts';
import type { TrustProxy } from './trust-proxy.ts';
import type { Trust } from './trust.ts';

/** What the demo needs to know to run. It holds passwords: log `shown`, never the whole. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly mysqlUrl: string;
  /** @default not encrypted */
  readonly mysqlTls?: Trust | undefined;
  /** Where the user and the password in `mysqlUrl` come from. @default they stay as they are */
  readonly mysqlSecret?: Secret | undefined;
  readonly redisUrl: string;
  /** For `rediss:`. @default the authorities that Node trusts */
  readonly redisTls?: Trust | undefined;
  readonly redisSecret?: Secret | undefined;
  readonly redisMode: RedisMode;
  /** How often the secrets are asked for anew, refused or not. 0: only when refused. */
  readonly secretRefreshMs: number;
  /** The beginning of every key in Redis. Two demos that share a server need two. */
  readonly cachePrefix: string;
  /** How long a cached result may be served. */
  readonly cacheTtlMs: number;
  /** How much longer it is kept, to be served only while MySQL cannot answer. */
  readonly cacheStaleIfErrorMs: number;
  /** How many results each process keeps beside Redis. 0: none. */
  readonly nearEntries: number;
  /** The most a request waits for Redis before it goes on without. */
  readonly redisTimeoutMs: number;
  /** The most a request waits for MySQL before it gives up. */
  readonly mysqlTimeoutMs: number;
  readonly mysqlConnections: number;
  /** How many processes serve behind the one port. */
  readonly processes: number;
  readonly trustProxy: TrustProxy;
  /** What one address may ask for in a minute of what costs. 0: as much as it likes. */
  readonly rateLimitPerMinute: number;
  /** Whether the dashboard has a load generator. @default on when only this machine can reach the demo */
  readonly loadGenerator: boolean;
  readonly logLevel: LogLevel;
  /** How long requests in flight may take to finish once the server is told to stop. */
  readonly stopLimitMs: number;
  /** Which source gave which setting. */
  readonly sources: Readonly<Record<SettingName, SettingSource>>;
  /** Every setting as it may be shown: a URL with its password replaced. */
  readonly shown: Readonly<Record<SettingName, string>>;
}

export type SettingSource = 'environment' | 'state file' | `stack ${string}` | 'default';
