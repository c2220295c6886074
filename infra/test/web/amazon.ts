import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export interface Amazon {
  readonly url: string;
  /** What was asked for, in order: `GetSecretValue database`. */
  readonly requests: string[];
}

/** Of the role that a machine has, by its metadata. */
const KEY = 'ASIAFROMMETADATA';
const TOKEN = 'a-token';

/**
 * What a machine of a stack that is being made hears of AWS: the credentials of its role, by IMDSv2 only; that CloudFormation has no outputs yet; and, signed with
 * those credentials, what is in the secrets. It goes with the test.
 *
 * @param secrets each secret's text, by its name
 */
export async function startAmazon(secrets: Readonly<Record<string, string>>): Promise<Amazon> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const answer = metadata(request) ?? service(request, body, secrets, requests);
      response.writeHead(answer === undefined ? 403 : 200, { 'content-type': 'text/xml' });
      response.end(answer ?? '');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

function metadata({ method, url = '', headers }: IncomingMessage): string | undefined {
  if (method === 'PUT' && url === '/latest/api/token') return TOKEN;
  if (headers['x-aws-ec2-metadata-token'] !== TOKEN) return undefined;
  if (!url.endsWith('/WebRole')) return 'WebRole';
  return JSON.stringify({
    Code: 'Success',
    Type: 'AWS-HMAC',
    AccessKeyId: KEY,
    SecretAccessKey: 'not-a-real-key',
    Token: 'not-a-real-token',
    Expiration: new Date(Date.now() + 3_600_000).toISOString(),
  });
}

function service(
  { headers }: IncomingMessage,
  body: string,
  secrets: Readonly<Record<string, string>>,
  requests: string[],
): string | undefined {
  if (headers.authorization?.includes(`Credential=${KEY}/`) !== true) return undefined;
  if (headers['x-amz-target'] === 'secretsmanager.GetSecretValue') {
    const { SecretId } = JSON.parse(body) as { SecretId: string };
    requests.push(`GetSecretValue ${SecretId}`);
    return JSON.stringify({ Name: SecretId, SecretString: secrets[SecretId] });
  }
  const form = new URLSearchParams(body);
  requests.push(`${form.get('Action')} ${form.get('StackName')}`);
  return `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>
    <StackName>${form.get('StackName')}</StackName><CreationTime>2026-01-05T09:30:00Z</CreationTime>
    <StackStatus>CREATE_IN_PROGRESS</StackStatus></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
}
