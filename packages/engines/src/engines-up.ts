import type { EngineContext, EngineKind } from './engine-context.ts';
import { EngineError } from './engine-error.ts';
import { withEngines, type EngineOptions } from './open-context.ts';
import { dockerProvider } from './providers/docker.ts';
import { givenProvider } from './providers/given.ts';
import { nativeProvider } from './providers/native.ts';
import { packagesProvider } from './providers/packages.ts';
import type { EngineSource, Provider, RunningEngine } from './providers/provider.ts';

const PROVIDERS: readonly Provider[] = [givenProvider, nativeProvider, dockerProvider, packagesProvider];

/** Engines that serve, and how to reach them. URLs hold passwords: show them with care. */
export interface Engines {
  /** `mysql://user:password@host:port/database`. The database exists. */
  mysqlUrl: string;
  /** `redis://:password@host:port/0` */
  redisUrl: string;
  /** As a cache key: `{mysql: '10.11.19-MariaDB', redis: '7.0.15'}`. */
  versions: { mysql: string; redis: string };
  /** As a person says it: `{mysql: 'MariaDB 10.11.19', redis: 'Redis 7.0.15'}`. */
  titles: { mysql: string; redis: string };
  sources: { mysql: EngineSource; redis: EngineSource };
  /** The Redis Cluster's six nodes, when it was asked for. */
  clusterNodes?: { host: string; port: number }[];
  /** The URL of one of them, with the password that all have. */
  clusterUrl?: string;
}

/**
 * Sees to it that MySQL and Redis serve, and tells where. From the first that can: the URLs given in `MYSQL_URL` and
 * `REDIS_URL`, servers on this machine, Docker, the system's package manager. What is up already is left as it is.
 *
 * @throws {EngineError} whose message is one line that says what to do.
 */
export async function enginesUp(options: EngineOptions & { cluster?: boolean } = {}): Promise<Engines> {
  return withEngines(options, async (context) => {
    const wanted: EngineKind[] = ['mysql', 'redis', ...(options.cluster ? (['cluster'] as const) : [])];
    const up = await bringUp(wanted, context, PROVIDERS);
    const [mysql, redis, cluster] = [up.get('mysql')!, up.get('redis')!, up.get('cluster')];
    return {
      mysqlUrl: mysql.url,
      redisUrl: redis.url,
      versions: { mysql: mysql.version, redis: redis.version },
      titles: { mysql: mysql.title, redis: redis.title },
      sources: { mysql: mysql.source, redis: redis.source },
      ...(cluster && {
        clusterUrl: cluster.url,
        clusterNodes: (cluster.nodePorts ?? []).map((port) => ({ host: '127.0.0.1', port })),
      }),
    };
  });
}

/** Every wanted kind from the first provider that can. @throws {EngineError} code `no-engine` when none can. */
export async function bringUp(
  wanted: readonly EngineKind[],
  context: EngineContext,
  providers: readonly Provider[],
): Promise<Map<EngineKind, RunningEngine>> {
  const up = new Map<EngineKind, RunningEngine>();
  const reasons: string[] = [];
  for (const provider of providers) {
    const missing = wanted.filter((kind) => !up.has(kind));
    if (missing.length === 0) break;
    for (const outcome of await provider.up(missing, context)) {
      if ('engine' in outcome) up.set(outcome.kind, outcome.engine);
      else reasons.push(outcome.why);
    }
  }
  const missing = wanted.filter((kind) => !up.has(kind));
  if (missing.length === 0) return up;
  const names = { mysql: 'MySQL', redis: 'Redis', cluster: 'Redis Cluster' };
  throw new EngineError(
    'no-engine',
    `No way to run ${missing.map((kind) => names[kind]).join(' and ')}: ${[...new Set(reasons)].join('; ')}.`,
  );
}
