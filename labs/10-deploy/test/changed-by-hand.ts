import type { Answer, FakeAccount } from './fake-account.ts';

export const solution = 'solution/workshop-stack.ts';
export const withReplica = 'variants/all-l1.ts';
export const sharded = 'variants/separate-rules.ts';
export const serverless = 'variants/serverless-cache.ts';

type ByHand = (account: FakeAccount) => void;

const stack =
  (answer: Answer): ByHand =>
  (account) =>
    void Object.assign(account.stack, answer);
const database =
  (answer: Answer): ByHand =>
  ({ instances: [instance] }) =>
    void Object.assign(instance!, answer);
const cache =
  (answer: Answer): ByHand =>
  ({ groups, serverless: caches }) =>
    void Object.assign((groups[0] ?? caches[0])!, answer);
const parameterGroup = (DBParameterGroupName: string, ParameterApplyStatus: string) =>
  database({ DBParameterGroups: [{ DBParameterGroupName, ParameterApplyStatus }] });

/** What becomes of a stack: what was done, to which, the first check that sees it, and what that says. */
export const findings: readonly [done: string, file: string, byHand: ByHand, check: string, says: string][] =
  [
    [
      'the starter deployed',
      'starter/workshop-stack.ts',
      () => {},
      'reachable',
      'no rule lets the web server connect to port 3306',
    ],
    [
      'a roll-back',
      solution,
      stack({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE', StackStatusReason: 'no room' }),
      'deployed',
      'its status is UPDATE_ROLLBACK_COMPLETE: no room',
    ],
    [
      'a deployment under way',
      solution,
      stack({ StackStatus: 'CREATE_IN_PROGRESS' }),
      'deployed',
      'its status is CREATE_IN_PROGRESS: it is not finished',
    ],
    [
      'a database deleted',
      solution,
      ({ instances }) => void instances.pop(),
      'running',
      'RDS has no database workshop-database',
    ],
    [
      'a cache deleted',
      serverless,
      (account) => void account.serverless.pop(),
      'running',
      'ElastiCache has no cache workshop-cache, which CloudFormation made',
    ],
    [
      'a database not made yet',
      solution,
      ({ resources }) => {
        const made = resources.find(({ ResourceType }) => ResourceType === 'AWS::RDS::DBInstance');
        Object.assign(made!, { PhysicalResourceId: undefined });
      },
      'running',
      'is not made yet',
    ],
    [
      'a database stopped',
      solution,
      database({ DBInstanceStatus: 'stopped' }),
      'running',
      'is stopped, expected available',
    ],
    [
      'a public address',
      solution,
      database({ PubliclyAccessible: true }),
      'runs-private',
      'as it runs: PubliclyAccessible of the database is true, expected false',
    ],
    [
      'TLS made optional in the cache',
      solution,
      cache({ TransitEncryptionMode: 'preferred' }),
      'runs-in-transit',
      'as it runs: TransitEncryptionMode of the cache is preferred',
    ],
    [
      'a cache restored without TLS',
      withReplica,
      cache({ TransitEncryptionEnabled: false }),
      'runs-in-transit',
      'as it runs: TransitEncryptionEnabled',
    ],
    [
      'the parameter reset',
      solution,
      ({ parameters }) => {
        const all = [...parameters.values()].flat();
        const found = all.find(({ ParameterName }) => ParameterName === 'require_secure_transport');
        found!.ParameterValue = '0';
      },
      'runs-in-transit',
      'as it runs: require_secure_transport is 0',
    ],
    [
      'another parameter group',
      solution,
      parameterGroup('default.mysql8.4', 'in-sync'),
      'runs-in-transit',
      'uses no parameter group of this stack',
    ],
    [
      'an unencrypted database in its place',
      solution,
      database({ StorageEncrypted: false }),
      'runs-at-rest',
      'as it runs: StorageEncrypted',
    ],
    [
      'an unencrypted cache in its place',
      sharded,
      cache({ AtRestEncryptionEnabled: false }),
      'runs-at-rest',
      'as it runs: AtRestEncryptionEnabled',
    ],
    [
      'other security groups',
      solution,
      database({ VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-0default' }] }),
      'as-written',
      'RDS says sg-0default',
    ],
    [
      'a bigger database',
      solution,
      database({ DBInstanceClass: 'db.m7g.large' }),
      'as-written',
      'the template says db.t4g.micro, RDS says db.m7g.large',
    ],
    [
      'a bigger database from Sunday on',
      solution,
      database({ PendingModifiedValues: { DBInstanceClass: 'db.m7g.large' } }),
      'as-written',
      'the template says db.t4g.micro, RDS will make it db.m7g.large',
    ],
    ['an older engine', solution, database({ EngineVersion: '8.4.3' }), 'as-written', 'RDS says 8.4.3'],
    [
      'a replica removed',
      withReplica,
      cache({ MemberClusters: ['workshop-cache-x7y8z9-001'] }),
      'as-written',
      'the template says 2 (workshop-cache-x7y8z9-001, workshop-cache-x7y8z9-002), ElastiCache says 1 (workshop-cache-x7y8z9-001)',
    ],
    [
      'failover switched off',
      withReplica,
      cache({ AutomaticFailover: 'disabled' }),
      'as-written',
      'AutomaticFailoverEnabled of the cache workshop-cache-x7y8z9: the template says true, ElastiCache says false',
    ],
    [
      'other subnets of the cache',
      serverless,
      cache({ SubnetIds: ['subnet-0elsewhere'] }),
      'as-written',
      'ElastiCache says subnet-0elsewhere',
    ],
    [
      'an endpoint that moved',
      solution,
      database({ Endpoint: { Address: 'another.rds.amazonaws.com', Port: 3306 } }),
      'filled',
      "expected the database's endpoint address, with or without its port: another.rds.amazonaws.com",
    ],
    [
      'an output without a value',
      solution,
      (account) => {
        const outputs = account.stack['Outputs'] as Answer[];
        const output = outputs.find(({ OutputKey }) => OutputKey === 'redisendpoint');
        Object.assign(output!, { OutputValue: '' });
      },
      'filled',
      '1 of 4 outputs without a value: redisendpoint',
    ],
  ];
