import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { onTestFinished, vi } from 'vitest';
import { answerJson, answerQuery, answerS3, type Answer, type Reply } from './wire.ts';

/** An error as AWS's services have it. Thrown by a handler, or put into the weather. */
export class FakeError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message = 'no', status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** What was asked for: a form's fields, a JSON body, or the parts of an S3 request. */
export type Params = Readonly<Record<string, unknown>>;
/** Answers an action with the content of its result; lists as the service writes them in XML. */
export type Handler = (params: Params) => unknown;

export interface FakeAws {
  readonly url: string;
  /** Says how an action is answered from now on: `cloudformation:DescribeStacks`. */
  on(action: string, handler: Handler): void;
  handlerOf(action: string): Handler;
  /** Answers these actions, or all by `*`, with an error, so many times, before the handler has its turn. */
  readonly weather: Map<string, { readonly error: FakeError; times: number }>;
  /** `cloudformation:DeleteStack` with what it was asked with, in order. */
  readonly requests: { readonly action: string; readonly params: Params }[];
}

export const REGION = 'eu-west-1';
export const ACCOUNT = '111122223333';

/** Starts the fake and leads the SDK of this process, and of those that it starts, to it. All of it goes with the test. */
export async function useFakeAws(): Promise<FakeAws> {
  const fake = await startFakeAws();
  // Where CDK writes down whose credentials are whose.
  const home = await mkdtemp(join(tmpdir(), 'infra-cdk-home-'));
  const variables = { ...environment(fake.url), CDK_HOME: home };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await rm(home, { recursive: true });
  });
  return fake;
}

/** With credentials and a region, and nothing that this machine or its user may have. */
function environment(url: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'not-a-real-key',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/nowhere/config',
    AWS_SHARED_CREDENTIALS_FILE: '/nowhere/credentials',
    // The SDK waits between the tries of a request that was refused for a while.
    AWS_MAX_ATTEMPTS: '1',
  };
}

async function startFakeAws(): Promise<FakeAws> {
  const handlers = new Map<string, Handler>();
  const weather: FakeAws['weather'] = new Map();
  const requests: FakeAws['requests'] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const answer = ask(request, body, (action, params) => {
        requests.push({ action, params });
        const storm = weather.get(action) ?? weather.get('*');
        if (storm !== undefined && storm.times > 0) {
          storm.times -= 1;
          return storm.error;
        }
        const handler = handlers.get(action);
        if (handler === undefined) return new FakeError('UnknownOperation', `nobody answers ${action}`);
        try {
          return { result: handler(params) };
        } catch (error) {
          if (error instanceof FakeError) return error;
          throw error;
        }
      });
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
  return {
    url: `http://127.0.0.1:${address.port}`,
    on: (action, handler) => void handlers.set(action, handler),
    handlerOf: (action) => handlers.get(action) ?? (() => undefined),
    weather,
    requests,
  };
}

/** By the protocol that the request is in, which says the service and the action. */
function ask(
  { headers, url = '/', method }: IncomingMessage,
  body: string,
  reply: (action: string, params: Params) => Reply,
): Answer {
  const [, region, service = ''] =
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/([\w-]+)\/([\w-]+)\/aws4_request, /.exec(
      headers.authorization ?? '',
    ) ?? [];
  const signed: typeof reply = (action, params) =>
    region === REGION
      ? reply(action, params)
      : new FakeError('MissingAuthenticationToken', 'not signed', 403);
  const target = headers['x-amz-target'];
  if (target !== undefined) {
    const action = `${service}:${String(target).split('.').at(-1)}`;
    return answerJson(signed(action, JSON.parse(body) as Params), headers['content-type'] ?? '');
  }
  if (service === 's3') return answerS3({ method, url: new URL(url, 'http://s3'), body }, signed);
  const form = Object.fromEntries(new URLSearchParams(body));
  const action = form['Action'] ?? '';
  return answerQuery(service, action, signed(`${service}:${action}`, form));
}
