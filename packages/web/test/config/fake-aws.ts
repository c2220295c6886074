import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { onTestFinished, vi } from 'vitest';

/** An error as AWS's services have it: a status, a name and words. */
export interface AwsError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export interface FakeStack {
  readonly status?: string;
  readonly reason?: string;
  readonly outputs?: Readonly<Record<string, string>>;
}

/** CloudFormation and Secrets Manager, as far as one action of each goes. */
export interface FakeAws {
  readonly url: string;
  readonly stacks: Map<string, FakeStack>;
  /** What each secret holds now, by name. */
  readonly secrets: Map<string, string>;
  /** Answers an action with an error, or, with `hang`, not at all. */
  readonly weather: Map<Action, AwsError | 'hang'>;
  /** `DescribeStacks WorkshopStack`, in order. */
  readonly requests: string[];
}

export type Action = 'DescribeStacks' | 'GetSecretValue';

export const REGION = 'eu-west-1';
const NAMESPACE = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

/** Starts the fake, and has the SDK of this process find it, with credentials and a region. All of it goes with the test. */
export async function useFakeAws(): Promise<FakeAws> {
  const fake = await startFakeAws();
  for (const [name, value] of Object.entries(awsEnvironment(fake.url))) vi.stubEnv(name, value);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  return fake;
}

/** What leads the SDK to a fake, and to nothing that this machine or its user may have. */
export function awsEnvironment(url: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'not-a-real-key',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/nowhere/config',
    AWS_SHARED_CREDENTIALS_FILE: '/nowhere/credentials',
  };
}

async function startFakeAws(): Promise<FakeAws> {
  const fake = {
    stacks: new Map<string, FakeStack>(),
    secrets: new Map<string, string>(),
    weather: new Map<Action, AwsError | 'hang'>(),
    requests: [] as string[],
  };
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const answer =
        request.headers['x-amz-target'] === undefined
          ? query(fake, request, body)
          : json(fake, request, body);
      if (answer === 'hang') return;
      response.writeHead(answer.status, { 'content-type': answer.type, 'x-amzn-requestid': 'r-1' });
      response.end(answer.body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The fake has no port.');
  return { ...fake, url: `http://127.0.0.1:${address.port}` };
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** CloudFormation's Query protocol: a form comes in, XML goes out. */
function query(fake: Omit<FakeAws, 'url'>, request: IncomingMessage, body: string): Answer | 'hang' {
  const form = new URLSearchParams(body);
  const name = form.get('StackName') ?? '';
  fake.requests.push(`${form.get('Action')} ${name}`);
  const stack = fake.stacks.get(name);
  const weather = fake.weather.get('DescribeStacks');
  if (weather === 'hang') return weather;
  const error =
    unsigned(request, 'cloudformation') ??
    weather ??
    (form.get('Action') !== 'DescribeStacks' || form.get('Version') !== '2010-05-15'
      ? { status: 400, code: 'InvalidAction', message: 'The action or version is not valid.' }
      : stack === undefined
        ? { status: 400, code: 'ValidationError', message: `Stack with id ${name} does not exist` }
        : undefined);
  if (error === undefined && stack !== undefined)
    return { status: 200, type: 'text/xml', body: stackXml(name, stack) };
  const { status, code, message } = error ?? { status: 500, code: 'InternalFailure', message: '' };
  const inside =
    element('Type', status < 500 ? 'Sender' : 'Receiver') +
    element('Code', code) +
    element('Message', escaped(message));
  const xml = `<ErrorResponse xmlns="${NAMESPACE}">${element('Error', inside)}${element('RequestId', 'r-1')}</ErrorResponse>`;
  return { status, type: 'text/xml', body: xml };
}

function stackXml(name: string, { status = 'CREATE_COMPLETE', reason, outputs = {} }: FakeStack): string {
  const members = Object.entries(outputs).map(([key, value]) =>
    element('member', element('OutputKey', key) + element('OutputValue', escaped(value))),
  );
  const stack = [
    element('StackId', `arn:aws:cloudformation:${REGION}:111122223333:stack/${name}/0d2c1e90`),
    element('StackName', name),
    element('CreationTime', '2026-01-05T09:30:00.123Z'),
    element('StackStatus', status),
    reason === undefined ? '' : element('StackStatusReason', escaped(reason)),
    members.length === 0 ? '' : element('Outputs', members.join('')),
  ];
  const result = element('DescribeStacksResult', element('Stacks', element('member', stack.join(''))));
  const metadata = element('ResponseMetadata', element('RequestId', 'r-1'));
  return `<DescribeStacksResponse xmlns="${NAMESPACE}">${result}${metadata}</DescribeStacksResponse>`;
}

/** Secrets Manager's JSON 1.1. */
function json(fake: Omit<FakeAws, 'url'>, request: IncomingMessage, body: string): Answer | 'hang' {
  const asked: unknown = JSON.parse(body);
  const id = typeof asked === 'object' && asked !== null && 'SecretId' in asked ? String(asked.SecretId) : '';
  const target = String(request.headers['x-amz-target']);
  fake.requests.push(`${target.replace('secretsmanager.', '')} ${id}`);
  const secret = fake.secrets.get(id);
  const weather = fake.weather.get('GetSecretValue');
  if (weather === 'hang') return weather;
  const error =
    unsigned(request, 'secretsmanager') ??
    weather ??
    (target !== 'secretsmanager.GetSecretValue' ||
    request.headers['content-type'] !== 'application/x-amz-json-1.1'
      ? { status: 400, code: 'UnknownOperationException', message: '' }
      : secret === undefined
        ? {
            status: 400,
            code: 'ResourceNotFoundException',
            message: "Secrets Manager can't find the specified secret.",
          }
        : undefined);
  const type = 'application/x-amz-json-1.1';
  if (error !== undefined) {
    return {
      status: error.status,
      type,
      body: JSON.stringify({ __type: error.code, Message: error.message }),
    };
  }
  const value = {
    ARN: `arn:aws:secretsmanager:${REGION}:111122223333:secret:${id}-a1b2c3`,
    CreatedDate: 1_767_605_400.5,
    Name: id,
    SecretString: secret,
    VersionId: '5f3c6d9e-0000-4000-8000-000000000000',
    VersionStages: ['AWSCURRENT'],
  };
  return { status: 200, type, body: JSON.stringify(value) };
}

/** AWS's answer to a request that is not signed for this service and region. Whether the signature is right is not looked at. */
function unsigned({ headers }: IncomingMessage, service: string): AwsError | undefined {
  const signed = new RegExp(
    `^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\\d{8}/${REGION}/${service}/aws4_request, SignedHeaders=[\\w;-]*host[\\w;-]*, Signature=[0-9a-f]{64}$`,
  );
  if (signed.test(headers.authorization ?? '')) return undefined;
  return { status: 403, code: 'MissingAuthenticationToken', message: 'Missing Authentication Token' };
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}

function escaped(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
