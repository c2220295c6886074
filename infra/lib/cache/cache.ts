import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { CacheConfig, CacheMode } from '../config/config.ts';
import { expectNone } from '../config/errors.ts';
import { machineOf } from '../config/machine-types.ts';
import { cacheProblems } from '../config/together.ts';
import type { Network } from '../network.ts';
import { CacheUsers } from './cache-users.ts';
import type { CacheMember } from './replication-group.ts';
import { replicationGroup } from './replication-group.ts';
import { serverlessCache } from './serverless-cache.ts';

export interface CacheProps extends CacheConfig {
  readonly network: Network;
}

/** Not the engines' own port: what knocks at 6379 wherever it can finds nothing here (cdk-nag's AwsSolutions-AEC5). */
const PORT = 6380;
/** A serverless cache cannot choose: 6379 for reads and writes, and 6380 for reads that may be a little behind. */
const SERVERLESS_PORT = 6379;

/**
 * ElastiCache with Valkey or Redis OSS: encrypted at rest and on the way, for one user with a password, in subnets that no route leads out of.
 * Throws `InfraConfigError`.
 */
export class Cache extends Construct implements ec2.IConnectable {
  readonly mode: CacheMode;
  readonly endpointAddress: string;
  /** `address:port`, both as CloudFormation knows them: the primary's, the cluster's configuration endpoint, or the serverless cache's. */
  readonly endpoint: string;
  readonly port: number;
  /** JSON with `username` and `password`. */
  readonly secret: ISecret;
  readonly connections: ec2.Connections;
  /** Each node, under the name by which it reports to CloudWatch. None for a serverless cache. */
  readonly members: readonly CacheMember[];
  /** What a serverless cache reports under, as the dimension `clusterId`. */
  readonly serverlessName?: string;
  /** Of one node. 0 for a serverless cache. */
  readonly vCpus: number;
  readonly isBurstable: boolean;
  /** Beside each primary. */
  readonly replicas: number;
  /** Of a serverless cache. */
  readonly maxEcpuPerSecond?: number;
  /** Of a serverless cache. */
  readonly maxGb?: number;

  constructor(scope: Construct, id: string, props: CacheProps) {
    super(scope, id);
    expectNone(cacheProblems(props));
    this.mode = props.mode;
    this.replicas = props.replicas;
    const isServerless = props.mode === 'serverless';
    this.port = isServerless ? SERVERLESS_PORT : PORT;

    const securityGroup = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc: props.network.vpc,
      description: 'The cache: who may connect is said by those who do',
      allowAllOutbound: false,
    });
    this.connections = new ec2.Connections({
      securityGroups: [securityGroup],
      defaultPort: isServerless
        ? ec2.Port.tcpRange(SERVERLESS_PORT, SERVERLESS_PORT + 1)
        : ec2.Port.tcp(PORT),
    });
    const users = new CacheUsers(this, 'Users', props);
    this.secret = users.secret;

    const parts = { props, securityGroup, users };
    if (isServerless) {
      this.vCpus = 0;
      this.isBurstable = false;
      this.members = [];
      this.maxGb = props.maxGb;
      this.maxEcpuPerSecond = props.maxEcpuPerSecond;
      const cache = serverlessCache(this, parts);
      this.serverlessName = cache.serverlessCacheName;
      this.endpointAddress = cache.attrEndpointAddress;
      this.endpoint = `${cache.attrEndpointAddress}:${cache.attrEndpointPort}`;
    } else {
      const machine = machineOf('cache', 'cache.nodeType', props.nodeType);
      this.vCpus = machine.vCpus;
      this.isBurstable = machine.isBurstable;
      const group = replicationGroup(this, { ...parts, port: PORT });
      this.members = group.members;
      this.endpointAddress = group.address;
      this.endpoint = `${group.address}:${group.port}`;
    }
  }
}
