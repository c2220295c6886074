import type { StackResourceSummary } from '@aws-sdk/client-cloudformation';
import type { Template } from '../prices/template.ts';
import { orNothing, type Aws } from './aws/aws.ts';
import { InfraError } from './infra-error.ts';
import type { Io } from './io.ts';
import { count } from './words.ts';

/** Deletes what is in the buckets that are to go: CloudFormation deletes empty ones only. Those that are to stay are left alone. @returns how many files */
export async function emptyBuckets(
  aws: Aws,
  template: Template,
  resources: readonly StackResourceSummary[],
  io: Pick<Io, 'say'>,
): Promise<number> {
  let all = 0;
  for (const { ResourceType, LogicalResourceId = '', PhysicalResourceId: bucket } of resources) {
    if (ResourceType !== 'AWS::S3::Bucket' || bucket === undefined) continue;
    if (template.Resources?.[LogicalResourceId]?.DeletionPolicy !== 'Delete') continue;
    const deleted = (await orNothing(emptyBucket(aws, bucket))) ?? 0;
    if (deleted > 0) io.say(`  emptied  ${LogicalResourceId} (${count(deleted, 'file')})`);
    all += deleted;
  }
  return all;
}

/** @returns how many versions and marks of deletion there were */
async function emptyBucket(aws: Aws, bucket: string): Promise<number> {
  let deleted = 0;
  for (;;) {
    // A page has a thousand, which is as many as may be deleted at once.
    const page = await aws.ask(
      's3',
      { action: 's3:ListBucketVersions', purpose: `list what is in the bucket ${bucket}` },
      ({ sdk, client }) => client.send(new sdk.ListObjectVersionsCommand({ Bucket: bucket })),
    );
    const found = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
    if (found.length === 0) return deleted;
    const objects = found.map(({ Key, VersionId }) => ({ Key, VersionId }));
    const { Errors = [] } = await aws.ask(
      's3',
      { action: 's3:DeleteObjectVersion', purpose: `empty the bucket ${bucket}` },
      ({ sdk, client }) =>
        client.send(
          new sdk.DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: objects, Quiet: true } }),
        ),
    );
    const [error] = Errors;
    if (error !== undefined) {
      throw new InfraError(`The bucket ${bucket} could not be emptied: ${error.Key}: ${error.Message}`);
    }
    deleted += found.length;
  }
}
