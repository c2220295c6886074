/** Sites whose alarms differ, and which alarms each has. */
export interface Case {
  readonly context: Readonly<Record<string, string>>;
  readonly cache: readonly string[];
  readonly database: readonly string[];
  readonly web: readonly string[];
}

const nodes = [
  'CacheHitRate',
  'CacheReadLatency',
  'CacheCpu',
  'CacheMemory',
  'CacheMemoryFull',
  'CacheEvictions',
  'CacheConnections',
];
const serverless = [
  'CacheHitRate',
  'CacheReadLatency',
  'CacheThrottled',
  'CacheEcpu',
  'CacheStorage',
  'CacheEvictions',
  'CacheConnections',
];
const database = [
  'DatabaseCpu',
  'DatabaseMemory',
  'DatabaseStorage',
  'DatabaseConnections',
  'DatabaseReadLatency',
  'DatabaseWriteLatency',
  'DatabaseDiskCredits',
];
const small = [...database, 'DatabaseCredits'];
const server = ['WebStatus', 'WebCredits'];
const fleet = ['WebErrors', 'WebRefused', 'WebUnhealthy'];

export const cases: Readonly<Record<string, Case>> = {
  'workshop: one node': { context: {}, cache: [...nodes, 'CacheCredits'], database: small, web: server },
  'one node of Redis OSS, of four vCPUs': {
    context: { 'cache.engine': 'redis', 'cache.nodeType': 'm7g.xlarge' },
    cache: nodes,
    database: small,
    web: server,
  },
  'production: replicated': {
    context: { profile: 'production' },
    cache: [...nodes, 'CacheReplicationLag'],
    database: [...database, 'DatabaseLoad'],
    web: fleet,
  },
  'cluster, with a read replica of the database': {
    context: {
      profile: 'production',
      'cache.mode': 'cluster',
      'database.readReplica': 'true',
      'database.rotation': 'false',
    },
    cache: [...nodes, 'CacheReplicationLag'],
    database: [...database, 'DatabaseLoad', 'DatabaseReplicaLag'],
    web: fleet,
  },
  serverless: { context: { profile: 'serverless' }, cache: serverless, database: small, web: server },
};
