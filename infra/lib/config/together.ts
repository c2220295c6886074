import { EVERYONE } from './cidr.ts';
import type { CacheConfig, DatabaseConfig, InfraConfig } from './config.ts';
import type { ConfigProblem } from './errors.ts';

/**
 * The most nodes of a cluster: ElastiCache's quota, which AWS raises on request.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html
 */
export const MOST_NODES = 90;

/** What is wrong with settings that are right by themselves. `given`: the names of those that are no defaults. */
export function problemsTogether(config: InfraConfig, given: ReadonlySet<string>): readonly ConfigProblem[] {
  return [
    ...databaseProblems(config.database),
    ...cacheProblems(config.cache),
    ...unusedCacheSettings(config.cache, given),
    ...webProblems(config),
    ...accessProblems(config),
    ...lifeProblems(config),
  ];
}

export function databaseProblems(database: DatabaseConfig): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (database.readReplica && database.backupDays === 0) {
    problems.push({
      name: 'database.backupDays',
      problem: 'must be 1 or more with a read replica: RDS makes one from a backup',
    });
  }
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html, "Limitations"
  if (database.readReplica && database.rotation) {
    problems.push({
      name: 'database.readReplica',
      problem:
        'must be false with database.rotation: RDS makes no read replica of an instance whose password it keeps. Give database.rotation=false to have one',
    });
  }
  return problems;
}

export function cacheProblems({ mode, replicas, shards }: CacheConfig): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (mode !== 'cluster' && shards !== 1) {
    problems.push({
      name: 'cache.shards',
      problem: `must be 1 with cache.mode=${mode}: only a cluster has more, with cache.mode=cluster`,
    });
  }
  if ((mode === 'node' || mode === 'serverless') && replicas !== 0) {
    const instead = mode === 'node' ? 'cache.mode=replicated has them' : 'ElastiCache keeps its own copies';
    problems.push({ name: 'cache.replicas', problem: `must be 0 with cache.mode=${mode}: ${instead}` });
  }
  if (mode === 'replicated' && replicas === 0) {
    problems.push({
      name: 'cache.replicas',
      problem:
        'must be 1 or more with cache.mode=replicated, so that one can take over; or give cache.mode=node',
    });
  }
  if (mode === 'cluster' && shards * (1 + replicas) > MOST_NODES) {
    problems.push({
      name: 'cache.shards',
      problem: `must be ${Math.floor(MOST_NODES / (1 + replicas))} or fewer with cache.replicas=${replicas}: ElastiCache gives a cluster ${MOST_NODES} nodes`,
    });
  }
  return problems;
}

/** A setting that has no effect would be taken for one that has. */
function unusedCacheSettings({ mode }: CacheConfig, given: ReadonlySet<string>): readonly ConfigProblem[] {
  const unused =
    mode === 'serverless'
      ? ['cache.nodeType', 'cache.replicas', 'cache.shards']
      : ['cache.maxGb', 'cache.maxEcpuPerSecond'];
  return unused
    .filter((name) => given.has(name))
    .map((name) => ({ name, problem: `must be left out with cache.mode=${mode}, which has no use for it` }));
}

function webProblems({ web }: InfraConfig): readonly ConfigProblem[] {
  const { kind, least, most, certificateArn } = web;
  const problems: ConfigProblem[] = [];
  if (kind === 'server') {
    const one = 'must be 1 with web.kind=server, which is one machine; or give web.kind=fleet';
    if (least !== 1) problems.push({ name: 'web.least', problem: one });
    if (most !== 1) problems.push({ name: 'web.most', problem: one });
    if (certificateArn !== undefined) {
      problems.push({
        name: 'web.certificateArn',
        problem:
          'must be left out with web.kind=server: a certificate is for the load balancer of web.kind=fleet',
      });
    }
  } else if (least > most) {
    problems.push({ name: 'web.least', problem: `must be web.most, which is ${most}, or fewer` });
  }
  return problems;
}

function accessProblems({ access }: InfraConfig): readonly ConfigProblem[] {
  const { visitors, everyone } = access;
  if (visitors === EVERYONE && !everyone) {
    const problem = `lets in the whole internet; if that is meant, give everyone=true as well, else your own address and /32`;
    return [{ name: 'access.visitors', problem }];
  }
  if (everyone && visitors !== EVERYONE) {
    return [{ name: 'access.everyone', problem: `must be false, or go with visitors=${EVERYONE}` }];
  }
  return [];
}

function lifeProblems({ database, destroyAfterHours }: InfraConfig): readonly ConfigProblem[] {
  if (destroyAfterHours === undefined || !database.keepData) return [];
  return [
    {
      name: 'destroyAfterHours',
      problem: 'must be left out with database.keepData=true, which protects the stack against deletion',
    },
  ];
}
