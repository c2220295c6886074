import { expect, test } from 'vitest';
import { destroy } from '../../commands/destroy.ts';
import { ACCOUNT, FakeError, REGION, useFakeAws, type FakeAws } from './fake-aws.ts';
import { fakeIo } from './fake-io.ts';
import { STACK_ID, useFakeStack, type FakeStackOptions } from './fake-stack.ts';

const database = { logical: 'Database', type: 'AWS::RDS::DBInstance', physical: 'shop-db' };
const cache = { logical: 'Cache', type: 'AWS::ElastiCache::ReplicationGroup', physical: 'shop-cache' };
const bucket = { logical: 'Logs', type: 'AWS::S3::Bucket', physical: 'shop-logs' };
const vpc = { logical: 'Vpc', type: 'AWS::EC2::VPC', physical: 'vpc-1' };
const stackName = 'CachingWorkshop';

const arn = (rest: string) => `arn:aws:${rest.replace('::', `:${REGION}:${ACCOUNT}:`)}`;

/** A stack to be deleted, and an account in which nothing else is. */
async function account(options: FakeStackOptions = {}): Promise<FakeAws> {
  const aws = await useFakeAws();
  useFakeStack(aws, { resources: [vpc, cache, database], ...options });
  aws.on('rds:DescribeDBSnapshots', () => ({}));
  aws.on('rds:DescribeDBInstanceAutomatedBackups', () => ({}));
  aws.on('elasticache:DescribeSnapshots', () => ({}));
  tagged(aws, () => []);
  return aws;
}

function tagged(aws: FakeAws, list: () => readonly string[]): void {
  aws.on('tagging:GetResources', () => ({
    PaginationToken: '',
    ResourceTagMappingList: list().map((ResourceARN) => ({ ResourceARN })),
  }));
}

test('asks for the name, tells what goes, and that nothing is left', async () => {
  const aws = await account();
  const io = fakeIo([stackName]);
  expect(await destroy({ stackName, yes: false }, io)).toBe(0);
  expect(io.questions).toHaveLength(1);
  expect(io.text()).toMatch(/deleted {2}Vpc \(EC2 VPC\)\n.*deleted {2}Cache .*\n.*deleted {2}Database /);
  expect(io.text()).toMatch(/Nothing is left\.$/);
  const filter = aws.requests.find(({ action }) => action === 'tagging:GetResources');
  expect(filter?.params).toEqual({ TagFilters: [{ Key: 'workshop-stack', Values: [stackName] }] });
});

test.each([['y'], [''], ['cachingworkshop']])('%j is not the name, and deletes nothing', async (answer) => {
  const aws = await account();
  await expect(destroy({ stackName, yes: false }, fakeIo([answer]))).rejects.toThrow('Nothing was deleted.');
  expect(aws.requests.map(({ action }) => action)).not.toContain('cloudformation:DeleteStack');
});

test('without a terminal it wants --yes, and with it asks nothing', async () => {
  const aws = await account();
  await expect(destroy({ stackName, yes: false }, fakeIo())).rejects.toThrow(/no terminal.*--yes/);
  expect(aws.requests.map(({ action }) => action)).not.toContain('cloudformation:DeleteStack');
  expect(await destroy({ stackName, yes: true }, fakeIo())).toBe(0);
});

test.each([
  ['of the stack', { isProtected: true }],
  [
    'of the database',
    {
      template: {
        Resources: { D: { Type: 'AWS::RDS::DBInstance', Properties: { DeletionProtection: true } } },
      },
    },
  ],
])('protection %s is told with the way to lift it, before anything is deleted', async (_, options) => {
  const aws = await account(options);
  await expect(destroy({ stackName, yes: true }, fakeIo())).rejects.toThrow(
    /protected against deletion[^]*-c database.keepData=false/,
  );
  expect(aws.requests.map(({ action }) => action)).not.toContain('cloudformation:DeleteStack');
});

test('what fails is told with its reason, and the exit code says so', async () => {
  const reason = 'resource vpc-1 has a dependent object';
  await account({ resources: [database, { ...vpc, ends: 'DELETE_FAILED', reason }] });
  const io = fakeIo();
  expect(await destroy({ stackName, yes: true }, io)).toBe(1);
  expect(io.text()).toMatch(/FAILED {3}Vpc \(EC2 VPC\)/);
  expect(io.text()).toContain(`The stack ${stackName} is not deleted:\n  Vpc (EC2 VPC): ${reason}`);
  expect(io.text()).not.toContain('Looking for what is left');
});

test('buckets that are to go are emptied first, those that are to stay are not', async () => {
  const aws = await account({
    resources: [bucket, { ...bucket, logical: 'Kept', physical: 'shop-kept', ends: 'DELETE_SKIPPED' }],
    template: {
      Resources: {
        Logs: { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Delete' },
        Kept: { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain' },
      },
    },
  });
  let files = ['a.log', 'b.log'];
  aws.on('s3:ListObjectVersions', () => ({
    Version: files.map((Key) => ({ Key, VersionId: 'null' })),
    IsTruncated: false,
  }));
  aws.on('s3:DeleteObjects', ({ keys }) => {
    files = files.filter((file) => !(keys as string[]).includes(file));
    return {};
  });
  const io = fakeIo();
  expect(await destroy({ stackName, yes: true }, io)).toBe(1);
  expect(files).toEqual([]);
  expect(io.text()).toContain('emptied  Logs (2 files)');
  expect(io.text()).toMatch(/kept {5}Kept[^]*may cost money:\n {2}S3 Bucket {2}shop-kept$/);
  const asked = aws.requests.filter(({ action }) => action.startsWith('s3:'));
  expect(new Set(asked.map(({ params }) => params['bucket']))).toEqual(new Set(['shop-logs']));
});

test('a bucket that was written to meanwhile is emptied once more', async () => {
  const aws = await account({
    resources: [database, { ...bucket, ends: 'DELETE_FAILED', reason: 'The bucket is not empty' }],
    template: { Resources: { Logs: { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Delete' } } },
  });
  const pages = [['a.log'], [], ['late.log'], []];
  aws.on('s3:ListObjectVersions', () => ({
    Version: (pages.shift() ?? []).map((Key) => ({ Key, VersionId: 'null' })),
  }));
  aws.on('s3:DeleteObjects', () => ({}));
  const io = fakeIo();
  expect(await destroy({ stackName, yes: true }, io)).toBe(0);
  expect(io.text()).toMatch(
    /FAILED {3}Logs[^]*emptied {2}Logs \(1 file\)[^]*deleted {2}Logs[^]*Nothing is left\.$/,
  );
});

test('backups are found without a tag, with the command that deletes each', async () => {
  const aws = await account();
  aws.on('rds:DescribeDBSnapshots', ({ DBInstanceIdentifier }) => ({
    DBSnapshots: { DBSnapshot: [{ DBSnapshotIdentifier: `${String(DBInstanceIdentifier)}-last` }] },
  }));
  aws.on('rds:DescribeDBInstanceAutomatedBackups', () => ({
    DBInstanceAutomatedBackups: {
      DBInstanceAutomatedBackup: [
        { DbiResourceId: 'db-ABC', DBInstanceAutomatedBackupsArn: arn('rds::auto-backup:ab-1') },
      ],
    },
  }));
  aws.on('elasticache:DescribeSnapshots', () => ({
    Snapshots: { Snapshot: [{ SnapshotName: 'automatic.shop-cache' }] },
  }));
  // The snapshot has the tag too, and is told once.
  tagged(aws, () => [arn('rds::snapshot:shop-db-last')]);
  const io = fakeIo();
  expect(await destroy({ stackName, yes: true }, io)).toBe(1);
  expect(io.text()).toContain(`To delete it:
  aws elasticache delete-snapshot --snapshot-name automatic.shop-cache
  aws rds delete-db-snapshot --db-snapshot-identifier shop-db-last
  aws rds delete-db-instance-automated-backup --dbi-resource-id db-ABC`);
  expect(io.text().match(/^ {2}\S.*shop-db-last$/gm)).toHaveLength(2);
  expect(io.text()).not.toContain('still listed');
});

test('what the list still has, but is gone by CloudFormation or by its service, is not left', async () => {
  const aws = await account();
  tagged(aws, () => [
    STACK_ID,
    arn('ec2::vpc/vpc-1'),
    arn('rds::db:shop-db'),
    arn('rds::snapshot:rds:old'),
    arn('elasticache::cluster:shop-cache-001'),
    arn('ec2::instance/i-1'),
    arn('ec2::volume/vol-1'),
  ]);
  aws.on('rds:ListTagsForResource', () => {
    throw new FakeError('DBSnapshotNotFound');
  });
  aws.on('elasticache:ListTagsForResource', () => {
    throw new FakeError('CacheClusterNotFound');
  });
  aws.on('ec2:DescribeInstances', () => ({
    reservationSet: {
      item: [{ instancesSet: { item: [{ instanceId: 'i-1', instanceState: { name: 'terminated' } }] } }],
    },
  }));
  aws.on('ec2:DescribeTags', () => ({ tagSet: {} }));
  const io = fakeIo();
  expect(await destroy({ stackName, yes: true }, io)).toBe(0);
  expect(io.text()).toMatch(/Nothing is left\.$/);
});

test('what only lags is asked for again; what stays is told after five minutes', async () => {
  const aws = await account();
  let asked = 0;
  const forgotten = arn('events::rule/late');
  tagged(aws, () => ((asked += 1) < 4 ? [forgotten] : []));
  expect(await destroy({ stackName, yes: true }, fakeIo())).toBe(0);
  expect(asked).toBe(4);

  tagged(aws, () => [arn('ec2::instance/i-1')]);
  aws.on('ec2:DescribeInstances', () => ({
    reservationSet: {
      item: [{ instancesSet: { item: [{ instanceId: 'i-1', instanceState: { name: 'running' } }] } }],
    },
  }));
  const io = fakeIo();
  const startedAt = io.now().getTime();
  // The stack is gone by now: the same command looks again.
  expect(await destroy({ stackName, yes: true }, io)).toBe(1);
  expect(io.text()).toMatch(/^There is no stack CachingWorkshop in eu-west-1\./);
  expect(io.text()).toContain(`ec2 instance  ${arn('ec2::instance/i-1')}`);
  expect((io.now().getTime() - startedAt) / 60_000).toBeCloseTo(4.75, 1);
});

test('no stack, and never one: nothing is left', async () => {
  const aws = await account({ name: 'Other' });
  expect(await destroy({ stackName, yes: false }, fakeIo())).toBe(0);
  expect(aws.requests.map(({ action }) => action)).toEqual([
    'cloudformation:DescribeStacks',
    'cloudformation:ListStacks',
    'tagging:GetResources',
  ]);
});

test('being told to ask less often does not end the watching', async () => {
  const aws = await account();
  const io = fakeIo();
  aws.on('cloudformation:DeleteStack', withStorm(aws, 'cloudformation:DeleteStack'));
  expect(await destroy({ stackName, yes: true }, io)).toBe(0);
  expect(io.text()).toMatch(/Nothing is left\.$/);
});

/** From the deletion on, the next three looks are refused. */
function withStorm(aws: FakeAws, action: string) {
  const inner = aws.handlerOf(action);
  return (params: Parameters<typeof inner>[0]) => {
    aws.weather.set('cloudformation:DescribeStackEvents', {
      error: new FakeError('Throttling', 'Rate exceeded'),
      times: 3,
    });
    return inner(params);
  };
}
