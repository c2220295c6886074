import type { Stack } from '@aws-sdk/client-cloudformation';
import { isValues, type Template, type Values } from '../template/template.ts';
import type { Account } from './account.ts';
import { StackError } from './stack-error.ts';

/** A stack as CloudFormation has it. */
export interface DeployedStack {
  readonly stackId: string;
  readonly status: string;
  readonly reason: string | undefined;
  readonly template: Template;
  readonly parameters: Values;
  readonly outputs: Readonly<Record<string, string>>;
  readonly resources: readonly DeployedResource[];
}

/** What CloudFormation made of a resource of the template. */
export interface DeployedResource {
  /** In the template. */
  readonly id: string;
  readonly type: string;
  /** In the account; empty until it is made. */
  readonly name: string;
}

/** @throws {StackError} */
export async function readStack(account: Account, stackName: string): Promise<DeployedStack> {
  const { Stacks } = await account.ask('CloudFormation', 'DescribeStacks', ({ sdk, client }) =>
    client.send(new sdk.DescribeStacksCommand({ StackName: stackName })),
  );
  const stack = Stacks?.[0];
  if (!stack) throw new StackError(`CloudFormation returned no stack ${stackName} in ${account.region}.`);
  const { TemplateBody } = await account.ask('CloudFormation', 'GetTemplate', ({ sdk, client }) =>
    client.send(new sdk.GetTemplateCommand({ StackName: stackName, TemplateStage: 'Processed' })),
  );
  const template = parseTemplate(stackName, TemplateBody ?? '');
  return { ...described(stack), template, resources: await readResources(account, stackName) };
}

async function readResources(account: Account, stackName: string): Promise<readonly DeployedResource[]> {
  return await account.ask('CloudFormation', 'ListStackResources', async ({ sdk, client }) => {
    const resources: DeployedResource[] = [];
    for await (const page of sdk.paginateListStackResources({ client }, { StackName: stackName })) {
      for (const { LogicalResourceId, ResourceType, PhysicalResourceId } of page.StackResourceSummaries ??
        []) {
        resources.push({
          id: LogicalResourceId ?? '',
          type: ResourceType ?? '',
          name: PhysicalResourceId ?? '',
        });
      }
    }
    return resources;
  });
}

function described(stack: Stack): Omit<DeployedStack, 'template' | 'resources'> {
  const pairs = (stack.Parameters ?? []).map(
    ({ ParameterKey = '', ParameterValue, ResolvedValue }) =>
      [ParameterKey, ResolvedValue ?? ParameterValue ?? ''] as const,
  );
  return {
    stackId: stack.StackId ?? '',
    status: stack.StackStatus ?? 'unknown',
    reason: stack.StackStatusReason,
    parameters: Object.fromEntries(pairs),
    outputs: Object.fromEntries(
      (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
    ),
  };
}

function parseTemplate(stackName: string, body: string): Template {
  let template: unknown;
  try {
    template = JSON.parse(body);
  } catch {
    // YAML, which CDK does not write.
  }
  if (isValues(template) && isValues(template['Resources'])) return template;
  throw new StackError(
    `The template of ${stackName} is not JSON with resources, so it was not deployed by CDK. Is it the right stack?`,
  );
}
