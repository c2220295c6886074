import { readContext } from './context.ts';
import { defaultsOf } from './defaults.ts';
import { expectNone } from './errors.ts';
import { parseSettings } from './settings.ts';
import { problemsTogether } from './together.ts';

export { InfraConfigError } from './errors.ts';

export type Profile = 'workshop' | 'production' | 'serverless';
export type CacheEngine = 'valkey' | 'redis';
export type CacheMode = 'node' | 'replicated' | 'cluster' | 'serverless';

/** What one deployment is. The defaults of each profile stand in `defaults.ts`. */
export interface InfraConfig {
  readonly profile: Profile;
  /** The stack's name in CloudFormation, and the value of the tag `workshop-stack` on all that is in it. */
  readonly stackName: string;
  readonly network: NetworkConfig;
  readonly database: DatabaseConfig;
  readonly cache: CacheConfig;
  readonly web: WebConfig;
  readonly access: AccessConfig;
  /** Who is told when an alarm fires. @default nobody */
  readonly alarmEmail?: string;
  /** What the stack may cost in a month before somebody is told. @default nobody is told */
  readonly budget?: { readonly usd: number; readonly email: string };
  /** The stack deletes itself this many hours after it was deployed. @default never */
  readonly destroyAfterHours?: number;
}

export interface NetworkConfig {
  /** In how many availability zones there are subnets. */
  readonly zones: 2 | 3;
  /** Whether each connection is written down in CloudWatch Logs, for a week. */
  readonly flowLogs: boolean;
}

export interface DatabaseConfig {
  /** RDS's class without `db.`, such as `t4g.micro`. */
  readonly instanceType: string;
  readonly storageGiB: number;
  /** Whether a standby in a second zone takes over when the first fails. */
  readonly multiAz: boolean;
  /** Whether there is a second instance that can be read from. Not with `rotation`. */
  readonly readReplica: boolean;
  /** Whether RDS keeps the password and makes a new one every seven days. */
  readonly rotation: boolean;
  /** For how many days backups are kept. 0: none are made. */
  readonly backupDays: number;
  /** Whether the data outlives mistakes: protected against deletion, and a last snapshot when it is deleted all the same. */
  readonly keepData: boolean;
}

export interface CacheConfig {
  readonly engine: CacheEngine;
  /** `replicated`: a primary and its replicas. `cluster`: shards of that kind. */
  readonly mode: CacheMode;
  /** ElastiCache's node type without `cache.`, such as `t4g.micro`. Not used by `serverless`. */
  readonly nodeType: string;
  /** Beside each primary. */
  readonly replicas: number;
  readonly shards: number;
  /** For how many days snapshots are kept. 0: none are made. */
  readonly snapshotDays: number;
  /** The most that a serverless cache may hold, in GB. */
  readonly maxGb: number;
  /** The most that a serverless cache may do in a second, in ElastiCache processing units. */
  readonly maxEcpuPerSecond: number;
}

export interface WebConfig {
  /** One machine, or several behind a load balancer. */
  readonly kind: 'server' | 'fleet';
  /** EC2's instance type, of a family with arm64 processors. */
  readonly instanceType: string;
  readonly least: number;
  readonly most: number;
  /** The load balancer's certificate, in Certificate Manager. @default plain HTTP */
  readonly certificateArn?: string;
}

export interface AccessConfig {
  /** The addresses that may open the site, as an IPv4 range. @default none: no port is open, and people come by Session Manager */
  readonly visitors?: string;
  /** Whether `visitors` may be the whole internet. */
  readonly everyone: boolean;
}

/**
 * Reads what was given by `cdk … -c NAME=VALUE`, and takes the rest from the profile. A name is a property's, such as `cache.mode`; `visitors` and
 * `everyone` are short for those of `access`. Values are texts or JSON, and a whole group may be given as one JSON object.
 * Names that begin with `@` or have a `:` are CDK's own. Throws `InfraConfigError`, which tells all that is wrong.
 */
export function readInfraConfig(context: Record<string, unknown>): InfraConfig {
  const { given, problems } = readContext(context);
  const parsed = parseSettings(given, defaultsOf(given));
  expectNone([...problems, ...parsed.problems]);
  expectNone(problemsTogether(parsed.config, new Set(given.keys())));
  return parsed.config;
}
