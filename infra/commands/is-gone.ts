import { orNothing, type Aws } from './aws/aws.ts';

/**
 * Whether the service itself says that a resource is not there any more. False where it is there, and where the service is none of those that
 * leave things behind.
 */
export async function isGone(aws: Aws, arn: string): Promise<boolean> {
  const [, , service = '', , , ...rest] = arn.split(':');
  const [kind = '', id = ''] = rest.join(':').split('/');
  const purpose = `see whether ${arn} is still there`;
  if (service === 'rds') {
    const tags = aws.ask('rds', { action: 'rds:ListTagsForResource', purpose }, ({ sdk, client }) =>
      client.send(new sdk.ListTagsForResourceCommand({ ResourceName: arn })),
    );
    return (await orNothing(tags)) === undefined;
  }
  if (service === 'elasticache') {
    const about = { action: 'elasticache:ListTagsForResource', purpose };
    const tags = aws.ask('elastiCache', about, ({ sdk, client }) =>
      client.send(new sdk.ListTagsForResourceCommand({ ResourceName: arn })),
    );
    return (await orNothing(tags)) === undefined;
  }
  if (service !== 'ec2') return false;
  if (kind === 'instance') return await isTerminated(aws, id, purpose);
  // All others of EC2 lose their tags with themselves.
  const { Tags = [] } = await aws.ask('ec2', { action: 'ec2:DescribeTags', purpose }, ({ sdk, client }) =>
    client.send(new sdk.DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [id] }] })),
  );
  return Tags.length === 0;
}

/** An instance is shown, with its tags, for an hour after its end. */
async function isTerminated(aws: Aws, id: string, purpose: string): Promise<boolean> {
  const found = await orNothing(
    aws.ask('ec2', { action: 'ec2:DescribeInstances', purpose }, ({ sdk, client }) =>
      client.send(new sdk.DescribeInstancesCommand({ InstanceIds: [id] })),
    ),
  );
  const states = (found?.Reservations ?? []).flatMap(({ Instances = [] }) =>
    Instances.map(({ State }) => State?.Name),
  );
  return states.every((state) => state === 'terminated');
}
