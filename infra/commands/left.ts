import type { StackResourceSummary } from '@aws-sdk/client-cloudformation';
import type { Aws } from './aws/aws.ts';
import { backupsOf } from './backups.ts';
import { isGone } from './is-gone.ts';
import type { Io } from './io.ts';
import { kindOf } from './words.ts';
import { STACK_TAG } from './aws/servers.ts';

/** Something that is still there after its stack. */
export interface Left {
  /** `RDS snapshot` */
  readonly what: string;
  readonly id: string;
  /** The command that deletes it, where one does. */
  readonly how?: string | undefined;
}

/** The Tagging API lags: it lists what is gone for some minutes. */
const POLL_MS = 15_000;
const TRIES = 20;

/** A stack that was deleted, and what CloudFormation has written down about it. */
export interface Deleted {
  readonly stackName: string;
  /** Undefined where there never was one. */
  readonly stackId: string | undefined;
  readonly resources: readonly StackResourceSummary[];
}

/**
 * What is left of a stack that is deleted: what it was told to keep, backups, and whatever else has its tag. CloudFormation's own record, and each
 * service's, say which of those that the Tagging API lists are gone; what neither can say is asked for again for five minutes.
 */
export async function whatIsLeft(aws: Aws, deleted: Deleted, io: Io): Promise<readonly Left[]> {
  const { stackId, resources } = deleted;
  const gone = resources.filter(isDeleted).flatMap(({ PhysicalResourceId: id }) => id ?? []);
  const kept = resources.filter((resource) => !isDeleted(resource));
  const known: Left[] = [...(await backupsOf(aws, resources))];
  for (const { ResourceType = '', PhysicalResourceId: id } of kept) {
    if (id !== undefined) known.push({ what: kindOf(ResourceType), id });
  }
  const settled = [...gone, ...known.map(({ id }) => id), ...(stackId === undefined ? [] : [stackId])];
  const listed = await stillTagged(aws, deleted.stackName, settled, io);
  return [...known, ...listed.map((arn) => ({ what: serviceOf(arn), id: arn }))];
}

function isDeleted({ ResourceStatus }: StackResourceSummary): boolean {
  return ResourceStatus === 'DELETE_COMPLETE';
}

/** The ARNs that keep being listed, beside those about which all is known. */
async function stillTagged(
  aws: Aws,
  stackName: string,
  settled: readonly string[],
  io: Io,
): Promise<readonly string[]> {
  for (let tried = 1; ; tried += 1) {
    const arns: string[] = [];
    for (const arn of await tagged(aws, stackName)) {
      if (!settled.some((id) => isSame(arn, id)) && !(await isGone(aws, arn))) arns.push(arn);
    }
    if (arns.length === 0 || tried === TRIES) return arns;
    if (tried === 1)
      io.say(`  ${arns.length} still listed; the list lags, so it is read again for five minutes`);
    await io.pause(POLL_MS);
  }
}

/** The ARNs of all that has the stack's tag. */
async function tagged(aws: Aws, stackName: string): Promise<readonly string[]> {
  const arns: string[] = [];
  let PaginationToken: string | undefined;
  do {
    const page = await aws.ask(
      'tagging',
      { action: 'tag:GetResources', purpose: `list what has the tag ${STACK_TAG}=${stackName}` },
      ({ sdk, client }) =>
        client.send(
          new sdk.GetResourcesCommand({
            TagFilters: [{ Key: STACK_TAG, Values: [stackName] }],
            PaginationToken,
          }),
        ),
    );
    arns.push(...(page.ResourceTagMappingList ?? []).flatMap(({ ResourceARN }) => ResourceARN ?? []));
    // The last page has an empty one.
    PaginationToken = page.PaginationToken || undefined;
  } while (PaginationToken !== undefined);
  return arns;
}

/** Whether an ARN ends in a name, or is it. */
function isSame(arn: string, id: string): boolean {
  return arn === id || arn.endsWith(`:${id}`) || arn.endsWith(`/${id}`) || arn.endsWith(`:${id}:*`);
}

function serviceOf(arn: string): string {
  const [, , service = '', , , ...rest] = arn.split(':');
  return `${service} ${rest.join(':').split(/[:/]/)[0]}`;
}
