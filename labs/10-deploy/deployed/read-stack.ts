import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { isValues, type Template, type Values } from '../template/template.ts';
import { StackError, stackError } from './stack-error.ts';

/** A stack as CloudFormation has it. */
export interface DeployedStack {
  readonly stackId: string;
  readonly status: string;
  readonly reason: string | undefined;
  readonly template: Template;
  readonly parameters: Values;
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * Two requests, which change nothing. Region and credentials are found as the AWS command line finds them.
 * @throws {StackError}
 */
export async function readStack(stackName: string): Promise<DeployedStack> {
  // What the SDK says about Node 20 is for those who build on it; here it would stand before the verdict.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const client = new CloudFormationClient({
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 15_000 },
  });
  let region: string | undefined;
  try {
    region = await client.config.region();
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    const stack = Stacks?.[0];
    if (!stack) throw new StackError(`CloudFormation returned no stack ${stackName} in ${region}.`);
    const { TemplateBody } = await client.send(
      new GetTemplateCommand({ StackName: stackName, TemplateStage: 'Processed' }),
    );
    return deployedStack(stackName, stack, TemplateBody ?? '');
  } catch (error) {
    throw error instanceof StackError ? error : stackError(error, stackName, region);
  } finally {
    client.destroy();
  }
}

function deployedStack(stackName: string, stack: Stack, body: string): DeployedStack {
  const pairs = (stack.Parameters ?? []).map(
    ({ ParameterKey = '', ParameterValue, ResolvedValue }) =>
      [ParameterKey, ResolvedValue ?? ParameterValue ?? ''] as const,
  );
  return {
    stackId: stack.StackId ?? '',
    status: stack.StackStatus ?? 'unknown',
    reason: stack.StackStatusReason,
    template: parseTemplate(stackName, body),
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
