import type { StackResourceSummary } from '@aws-sdk/client-cloudformation';
import { orNothing, type Aws } from './aws/aws.ts';
import type { Left } from './left.ts';

/** Snapshots and kept backups of a stack's database and cache. They are in no stack, and may have no tag. */
export async function backupsOf(
  aws: Aws,
  resources: readonly StackResourceSummary[],
): Promise<readonly Left[]> {
  const left: Left[] = [];
  for (const { ResourceType, PhysicalResourceId: id } of resources) {
    if (id === undefined) continue;
    if (ResourceType === 'AWS::RDS::DBInstance') left.push(...(await ofDatabase(aws, id)));
    if (ResourceType === 'AWS::ElastiCache::ReplicationGroup') left.push(...(await ofCache(aws, id)));
    if (ResourceType === 'AWS::ElastiCache::ServerlessCache') left.push(...(await ofServerless(aws, id)));
  }
  return left;
}

async function ofDatabase(aws: Aws, DBInstanceIdentifier: string): Promise<readonly Left[]> {
  const purpose = `list the backups of ${DBInstanceIdentifier}`;
  const snapshots = await orNothing(
    aws.ask('rds', { action: 'rds:DescribeDBSnapshots', purpose }, ({ sdk, client }) =>
      client.send(new sdk.DescribeDBSnapshotsCommand({ DBInstanceIdentifier })),
    ),
  );
  const backups = await orNothing(
    aws.ask('rds', { action: 'rds:DescribeDBInstanceAutomatedBackups', purpose }, ({ sdk, client }) =>
      client.send(new sdk.DescribeDBInstanceAutomatedBackupsCommand({ DBInstanceIdentifier })),
    ),
  );
  return [
    ...(snapshots?.DBSnapshots ?? []).map(({ DBSnapshotIdentifier: id = '' }) => ({
      what: 'RDS snapshot',
      id,
      how: `aws rds delete-db-snapshot --db-snapshot-identifier ${id}`,
    })),
    ...(backups?.DBInstanceAutomatedBackups ?? []).map(
      ({ DbiResourceId: id = '', DBInstanceAutomatedBackupsArn: arn }) => ({
        what: 'RDS automated backup',
        id: arn ?? id,
        how: `aws rds delete-db-instance-automated-backup --dbi-resource-id ${id}`,
      }),
    ),
  ];
}

async function ofCache(aws: Aws, ReplicationGroupId: string): Promise<readonly Left[]> {
  const about = {
    action: 'elasticache:DescribeSnapshots',
    purpose: `list the snapshots of ${ReplicationGroupId}`,
  };
  const found = await orNothing(
    aws.ask('elastiCache', about, ({ sdk, client }) =>
      client.send(new sdk.DescribeSnapshotsCommand({ ReplicationGroupId })),
    ),
  );
  return (found?.Snapshots ?? []).map(({ SnapshotName: id = '' }) => ({
    what: 'ElastiCache snapshot',
    id,
    how: `aws elasticache delete-snapshot --snapshot-name ${id}`,
  }));
}

async function ofServerless(aws: Aws, ServerlessCacheName: string): Promise<readonly Left[]> {
  const about = {
    action: 'elasticache:DescribeServerlessCacheSnapshots',
    purpose: `list the snapshots of ${ServerlessCacheName}`,
  };
  const found = await orNothing(
    aws.ask('elastiCache', about, ({ sdk, client }) =>
      client.send(new sdk.DescribeServerlessCacheSnapshotsCommand({ ServerlessCacheName })),
    ),
  );
  return (found?.ServerlessCacheSnapshots ?? []).map(({ ServerlessCacheSnapshotName: id = '' }) => ({
    what: 'ElastiCache snapshot',
    id,
    how: `aws elasticache delete-serverless-cache-snapshot --serverless-cache-snapshot-name ${id}`,
  }));
}
