import type { FakeError, Params } from './fake-aws.ts';

// The formats in which AWS's services are spoken to: https://smithy.io/2.0/aws/protocols/

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export type Reply = { readonly result: unknown } | FakeError;

/** Systems Manager, CloudWatch, the Tagging API. */
export function answerJson(reply: Reply, type: string): Answer {
  if ('result' in reply) return { status: 200, type, body: JSON.stringify(reply.result ?? {}) };
  return {
    status: reply.status,
    type,
    body: JSON.stringify({ __type: reply.code, message: reply.message }),
  };
}

/** CloudFormation, STS, RDS, ElastiCache; and EC2, which leaves out one element and writes errors in another way. */
export function answerQuery(service: string, action: string, reply: Reply): Answer {
  const type = 'text/xml';
  if ('result' in reply) {
    const inside = service === 'ec2' ? reply.result : { [`${action}Result`]: reply.result };
    return { status: 200, type, body: xml({ [`${action}Response`]: inside }) };
  }
  const error = { Code: reply.code, Message: reply.message };
  const body =
    service === 'ec2' ? { Response: { Errors: { Error: error } } } : { ErrorResponse: { Error: error } };
  return { status: reply.status, type, body: xml(body) };
}

interface S3Request {
  readonly method: string | undefined;
  readonly url: URL;
  readonly body: string;
}

/** S3's actions, by how they are asked for: a method, and a word in the query. */
const S3_ACTIONS = [
  ['GET', 'versions', 'ListObjectVersions', 'ListVersionsResult'],
  ['POST', 'delete', 'DeleteObjects', 'DeleteResult'],
  ['GET', 'location', 'GetBucketLocation', 'LocationConstraint'],
  ['GET', 'encryption', 'GetBucketEncryption', 'ServerSideEncryptionConfiguration'],
  ['GET', 'list-type', 'ListObjectsV2', 'ListBucketResult'],
  ['PUT', '', 'PutObject', 'Nothing'],
] as const;

/** S3, as far as these actions go. */
export function answerS3(
  { method, url, body }: S3Request,
  reply: (action: string, params: Params) => Reply,
): Answer {
  const [, , action, root] =
    S3_ACTIONS.find(([verb, word]) => verb === method && (word === '' || url.searchParams.has(word))) ?? [];
  const [, bucket, key] = /^\/([^/]*)\/?(.*)$/.exec(url.pathname) ?? [];
  const keys = [...body.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, each]) => each);
  const answer = reply(`s3:${action}`, { bucket, key, keys });
  const type = 'application/xml';
  if ('result' in answer) return { status: 200, type, body: xml({ [root ?? '']: answer.result ?? '' }) };
  return {
    status: answer.status,
    type,
    body: xml({ Error: { Code: answer.code, Message: answer.message } }),
  };
}

/** An element for each property; a list is its element again and again. */
function xml(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'object') return escaped(typeof value === 'string' ? value : JSON.stringify(value));
  return Object.entries(value)
    .flatMap(([name, content]) =>
      (Array.isArray(content) ? content : [content]).map((each) => ({ name, each })),
    )
    .map(({ name, each }) => (each === undefined ? '' : `<${name}>${xml(each)}</${name}>`))
    .join('');
}

function escaped(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
