import type { Stack, StackEvent, StackResourceSummary } from '@aws-sdk/client-cloudformation';
import type { Template } from '../../prices/template.ts';
import { InfraError } from '../infra-error.ts';
import { orNothing, type Aws } from './aws.ts';

/** A stack by its name, or its ID, by which one that is deleted is found too. Undefined where there is none. */
export async function findStack(aws: Aws, name: string): Promise<Stack | undefined> {
  const found = await orNothing(
    aws.ask('cloudFormation', about('DescribeStacks', `read the stack ${name}`), ({ sdk, client }) =>
      client.send(new sdk.DescribeStacksCommand({ StackName: name })),
    ),
  );
  return found?.Stacks?.[0];
}

/** The same for a command that is about a stack which has to be there. Throws `InfraError` where it is not. */
export async function needStack(aws: Aws, name: string): Promise<Stack> {
  const stack = await findStack(aws, name);
  if (stack !== undefined) return stack;
  throw new InfraError(
    `There is no stack ${name} in ${aws.region}. Deploy it (pnpm infra:deploy), name another (--stack NAME), or set AWS_REGION to the region that it is in.`,
  );
}

/** The ID of the stack of this name that was deleted last. CloudFormation remembers it for 90 days. */
export async function findDeletedStack(aws: Aws, name: string): Promise<string | undefined> {
  let NextToken: string | undefined;
  do {
    const page = await aws.ask(
      'cloudFormation',
      about('ListStacks', 'list the stacks that were deleted'),
      ({ sdk, client }) =>
        client.send(new sdk.ListStacksCommand({ StackStatusFilter: ['DELETE_COMPLETE'], NextToken })),
    );
    // Newest first.
    const found = page.StackSummaries?.find(({ StackName }) => StackName === name);
    if (found !== undefined) return found.StackId;
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return undefined;
}

/** The template as it is deployed. */
export async function deployedTemplate(aws: Aws, name: string): Promise<Template> {
  const { TemplateBody = '' } = await aws.ask(
    'cloudFormation',
    about('GetTemplate', `read the template of ${name}`),
    ({ sdk, client }) =>
      client.send(new sdk.GetTemplateCommand({ StackName: name, TemplateStage: 'Original' })),
  );
  try {
    return JSON.parse(TemplateBody) as Template;
  } catch (error) {
    throw new InfraError(
      `The template of ${name} is not JSON, so it was not deployed from here. Is it the right stack?`,
      { cause: error },
    );
  }
}

/** What is, or was, in a stack, with the names that it has in the account. */
export async function stackResources(aws: Aws, name: string): Promise<readonly StackResourceSummary[]> {
  const all: StackResourceSummary[] = [];
  let NextToken: string | undefined;
  do {
    const page = await aws.ask(
      'cloudFormation',
      about('ListStackResources', `list what is in the stack ${name}`),
      ({ sdk, client }) => client.send(new sdk.ListStackResourcesCommand({ StackName: name, NextToken })),
    );
    all.push(...(page.StackResourceSummaries ?? []));
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return all;
}

/** What has happened to a stack, newest first: the last hundred things. */
export async function stackEvents(aws: Aws, stackId: string): Promise<readonly StackEvent[]> {
  const { StackEvents = [] } = await aws.ask(
    'cloudFormation',
    about('DescribeStackEvents', `follow what happens to ${stackId}`),
    ({ sdk, client }) => client.send(new sdk.DescribeStackEventsCommand({ StackName: stackId })),
  );
  return StackEvents;
}

export async function deleteStack(aws: Aws, name: string): Promise<void> {
  await aws.ask('cloudFormation', about('DeleteStack', `delete the stack ${name}`), ({ sdk, client }) =>
    client.send(new sdk.DeleteStackCommand({ StackName: name })),
  );
}

/** A stack's outputs by CloudFormation's keys: `mysqlendpoint`. */
export function outputsOf({ Outputs = [] }: Stack): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue] as const),
  );
}

function about(action: string, purpose: string) {
  return { action: `cloudformation:${action}`, purpose };
}
