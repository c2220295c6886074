import type { Rule } from './line.ts';
import { isSet, number, text } from './template.ts';

const TITLES = { valkey: 'Valkey', redis: 'Redis OSS' };

/** ElastiCache. @see https://aws.amazon.com/elasticache/pricing/ */
export const cacheRules: Readonly<Record<string, Rule>> = {
  'AWS::ElastiCache::ReplicationGroup': ({ Properties = {} }, { prices }) => {
    const engine = engineOf(Properties['Engine']);
    const type = typeOf(Properties['CacheNodeType']);
    const shards = number(Properties['NumNodeGroups']);
    const replicas = number(Properties['ReplicasPerNodeGroup']) ?? 0;
    const count =
      shards === undefined
        ? (number(Properties['NumCacheClusters']) ?? 1 + replicas)
        : shards * (1 + replicas);
    return {
      lines: [
        {
          of: 'cache',
          what: `${TITLES[engine]} cache.${type}`,
          count,
          usdPerHour: prices.cacheNodes[engine][type],
        },
      ],
      byUse: [
        ...(count > 1 ? (['betweenZones'] as const) : []),
        ...((number(Properties['SnapshotRetentionLimit']) ?? 0) > 0 ? (['backups'] as const) : []),
      ],
    };
  },
  'AWS::ElastiCache::ServerlessCache': ({ Properties = {} }, { prices }) => {
    const engine = engineOf(Properties['Engine']);
    const { leastGb, usdPerGbHour } = prices.serverless[engine];
    return {
      lines: [
        {
          of: 'cache',
          what: `${TITLES[engine]} Serverless, the least (${leastGb} GB)`,
          count: 1,
          usdPerHour: leastGb * usdPerGbHour,
        },
      ],
      byUse: ['ecpu', 'cacheStorage'],
    };
  },
  // The sample of 2022 has one.
  'AWS::ElastiCache::CacheCluster': ({ Properties = {} }, { prices }) => {
    const type = typeOf(Properties['CacheNodeType']);
    const isRedis = text(Properties['Engine']) === 'redis';
    return {
      lines: [
        {
          of: 'cache',
          what: `${isRedis ? TITLES.redis : 'Memcached'} cache.${type}`,
          count: number(Properties['NumCacheNodes']) ?? 1,
          usdPerHour: isRedis ? prices.cacheNodes.redis[type] : undefined,
        },
      ],
      byUse: isSet(Properties['SnapshotRetentionLimit']) ? ['backups'] : [],
    };
  },
};

function engineOf(engine: unknown): 'valkey' | 'redis' {
  return text(engine)?.toLowerCase() === 'valkey' ? 'valkey' : 'redis';
}

function typeOf(nodeType: unknown): string {
  return (text(nodeType) ?? 'of unknown type').replace(/^cache\./, '');
}
