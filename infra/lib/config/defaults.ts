import type { CacheConfig, CacheMode, InfraConfig, Profile, WebConfig } from './config.ts';
import type { Given } from './context.ts';

const PROFILES: Readonly<Record<Profile, { readonly mode: CacheMode; readonly kind: WebConfig['kind'] }>> = {
  workshop: { mode: 'node', kind: 'server' },
  production: { mode: 'replicated', kind: 'fleet' },
  serverless: { mode: 'serverless', kind: 'server' },
};

/**
 * What holds where nothing else is given. It follows from the profile, and the sizes of the cache and the web tier from what they are: a cluster in the workshop's
 * profile has shards without being told.
 */
export function defaultsOf(given: Given): InfraConfig {
  const profile = oneOf(PROFILES, given.get('profile')) ?? 'workshop';
  const isProduction = profile === 'production';
  const mode = oneOf(CACHES, given.get('cache.mode')) ?? PROFILES[profile].mode;
  const kind = oneOf(WEBS, given.get('web.kind')) ?? PROFILES[profile].kind;
  return {
    profile,
    stackName: 'CachingWorkshop',
    network: { zones: 2, flowLogs: true },
    database: {
      instanceType: isProduction ? 'm7g.large' : 't4g.micro',
      storageGiB: isProduction ? 100 : 20,
      multiAz: isProduction,
      readReplica: false,
      rotation: isProduction,
      // One day costs nothing: backups up to the size of the storage are free.
      backupDays: isProduction ? 7 : 1,
      keepData: isProduction,
    },
    cache: {
      engine: 'valkey',
      mode,
      nodeType: isProduction ? 'm7g.large' : 't4g.micro',
      ...CACHES[mode],
      snapshotDays: isProduction ? 1 : 0,
      maxGb: isProduction ? 10 : 1,
      maxEcpuPerSecond: isProduction ? 10_000 : 1_000,
    },
    web: { kind, instanceType: isProduction ? 'm7g.large' : 't4g.micro', ...WEBS[kind] },
    access: { everyone: false },
  };
}

const CACHES: Readonly<Record<CacheMode, Pick<CacheConfig, 'replicas' | 'shards'>>> = {
  node: { replicas: 0, shards: 1 },
  replicated: { replicas: 1, shards: 1 },
  cluster: { replicas: 1, shards: 2 },
  serverless: { replicas: 0, shards: 1 },
};

const WEBS: Readonly<Record<WebConfig['kind'], Pick<WebConfig, 'least' | 'most'>>> = {
  server: { least: 1, most: 1 },
  fleet: { least: 2, most: 4 },
};

function oneOf<K extends string>(table: Readonly<Record<K, unknown>>, name: unknown): K | undefined {
  return typeof name === 'string' && Object.hasOwn(table, name) ? (name as K) : undefined;
}
