import type { Stack } from '@aws-sdk/client-cloudformation';
import { within } from '../within.ts';
import type { Asked } from './stack-error.ts';
import { StackError, stackError } from './stack-error.ts';

/** The SDK is loaded by whoever first asks AWS for something: it takes longer to load than the rest of the configuration. */
const loadCloudFormation = () => quietly(() => import('@aws-sdk/client-cloudformation'));
const loadSecretsManager = () => quietly(() => import('@aws-sdk/client-secrets-manager'));

/** The most that one question may take, all attempts and the search for credentials together. In milliseconds. */
export const AWS_LIMIT_MS = 20_000;

const CLIENT = {
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
} as const;

/** A stack as CloudFormation has it. Region and credentials are found as AWS's command line finds them. Throws `StackError`. */
export async function describeStack(name: string, limitMs = AWS_LIMIT_MS): Promise<Stack> {
  const { CloudFormationClient, DescribeStacksCommand } = await loadCloudFormation();
  const client = new CloudFormationClient(CLIENT);
  const thing = `the stack ${name}`;
  const about = { service: 'CloudFormation', action: 'cloudformation:DescribeStacks', thing } as const;
  const { Stacks } = await ask(client, about, limitMs, (abortSignal) =>
    client.send(new DescribeStacksCommand({ StackName: name }), { abortSignal }),
  );
  const [stack] = Stacks ?? [];
  if (stack !== undefined) return stack;
  throw new StackError('no-stack', `CloudFormation knows nothing of ${thing}.`);
}

/** A secret's current text. Throws `StackError`. */
export async function secretText(id: string, limitMs = AWS_LIMIT_MS): Promise<string> {
  const { SecretsManagerClient, GetSecretValueCommand } = await loadSecretsManager();
  const client = new SecretsManagerClient(CLIENT);
  const thing = `the secret ${id}`;
  const about = { service: 'Secrets Manager', action: 'secretsmanager:GetSecretValue', thing } as const;
  const { SecretString } = await ask(client, about, limitMs, (abortSignal) =>
    client.send(new GetSecretValueCommand({ SecretId: id }), { abortSignal }),
  );
  return SecretString ?? '';
}

interface Client {
  readonly config: { readonly region: () => Promise<string> };
  destroy(): void;
}

async function ask<T>(
  client: Client,
  about: Omit<Asked, 'region'>,
  limitMs: number,
  send: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const giveUp = new AbortController();
  const asked = { ...about, region: await regionOf(client) };
  const late = () =>
    Object.assign(new Error(`not within ${limitMs / 1_000} s`), { name: 'TimeoutError' as const });
  try {
    return await within(limitMs, send(giveUp.signal), late);
  } catch (error) {
    throw stackError(error, asked);
  } finally {
    giveUp.abort();
    client.destroy();
  }
}

async function regionOf(client: Client): Promise<string> {
  try {
    return await client.config.region();
  } catch (error) {
    client.destroy();
    throw new StackError(
      'no-region',
      'WORKSHOP_STACK is set, but no AWS region. Name the one that the stack is in: AWS_REGION=eu-west-1, or "aws configure set region eu-west-1".',
      { cause: error },
    );
  }
}

async function quietly<T>(load: () => Promise<T>): Promise<T> {
  // What the SDK says about Node 20 is for those who build on it; here it would stand before what the demo says.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  return await load();
}
