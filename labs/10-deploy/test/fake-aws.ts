import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { FakeAccount } from './fake-account.ts';
import { answerXml, errorXml, type FakeError } from './wire.ts';

export interface FakeAws {
  readonly url: string;
  /** The actions that were asked for, in order. */
  readonly requests: string[];
  /** By the names of their stacks. */
  readonly accounts: Map<string, FakeAccount>;
  /** Answers from now on: every request, or those for one action. */
  refuse(error: FakeError | undefined, action?: string): void;
  close(): Promise<void>;
}

type Form = Readonly<Record<string, string>>;

/**
 * CloudFormation, RDS and ElastiCache by their own protocol, each action as its API reference has it, for as many as `--stack` uses:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/, https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/,
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/.
 */
export async function fakeAws(): Promise<FakeAws> {
  const requests: string[] = [];
  const accounts = new Map<string, FakeAccount>();
  let refusal: { readonly error: FakeError; readonly action: string | undefined } | undefined;
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const form = Object.fromEntries(new URLSearchParams(body));
      const action = form['Action'] ?? '';
      requests.push(action);
      const refused = refusal && (refusal.action ?? action) === action ? refusal.error : undefined;
      const { found, error } = refused ? { error: refused } : answerOf(accounts, action, form);
      response.writeHead(error?.status ?? 200, { 'content-type': 'text/xml' });
      response.end(error ? errorXml(error) : answerXml(action, found));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    accounts,
    refuse(error, action) {
      refusal = error && { error, action };
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

type Answered =
  | { readonly found: object; readonly error?: never }
  | { readonly found?: never; readonly error: FakeError };

function answerOf(accounts: FakeAws['accounts'], action: string, form: Form): Answered {
  const { StackName } = form;
  const account = accounts.get(StackName ?? '');
  if (account) return { found: ofStack(account, action, form) };
  if (StackName !== undefined) {
    const message = `Stack with id ${StackName} does not exist`;
    return { error: { status: 400, code: 'ValidationError', message } };
  }
  for (const each of accounts.values()) {
    const found = ofService(each, action, form);
    if (found) return { found };
  }
  return {
    error: { status: 404, code: `${notFound[action]}NotFound`, message: `${JSON.stringify(form)} not found` },
  };
}

const notFound: Readonly<Record<string, string>> = {
  DescribeDBInstances: 'DBInstance',
  DescribeDBParameters: 'DBParameterGroup',
  DescribeReplicationGroups: 'ReplicationGroup',
  DescribeCacheClusters: 'CacheCluster',
  DescribeServerlessCaches: 'ServerlessCache',
  DescribeUserGroups: 'UserGroup',
};

function ofStack({ stack, template, resources }: FakeAccount, action: string, form: Form): object {
  switch (action) {
    case 'DescribeStacks':
      return { Stacks: [stack] };
    case 'GetTemplate':
      return { TemplateBody: template };
    default: {
      const { page, NextToken } = pageOf(resources, form['NextToken'], 20);
      return { StackResourceSummaries: page, NextToken };
    }
  }
}

function ofService(account: FakeAccount, action: string, form: Form): object | undefined {
  const one = <T extends object>(all: readonly T[], key: keyof T & string) => {
    const found = all.filter((each) => each[key] === form[key]);
    return found.length > 0 ? found : undefined;
  };
  const of = (name: string, found: unknown) => (found ? { [name]: found } : undefined);
  switch (action) {
    case 'DescribeDBInstances':
      return of('DBInstances', one(account.instances, 'DBInstanceIdentifier'));
    case 'DescribeReplicationGroups':
      return of('ReplicationGroups', one(account.groups, 'ReplicationGroupId'));
    case 'DescribeCacheClusters':
      return of('CacheClusters', one(account.nodes, 'CacheClusterId'));
    case 'DescribeServerlessCaches':
      return of('ServerlessCaches', one(account.serverless, 'ServerlessCacheName'));
    case 'DescribeUserGroups':
      return of('UserGroups', one(account.userGroups, 'UserGroupId'));
    default: {
      const parameters = account.parameters.get(form['DBParameterGroupName'] ?? '');
      if (!parameters) return undefined;
      const wanted = new Set(
        Object.entries(form).flatMap(([key, value]) => (key.includes('.Values.') ? [value] : [])),
      );
      const chosen = parameters.filter(({ ParameterName }) => wanted.has(ParameterName));
      const { page, NextToken } = pageOf(chosen, form['Marker'], 3);
      return { Parameters: page, Marker: NextToken };
    }
  }
}

function pageOf<T>(all: readonly T[], token: string | undefined, size: number) {
  const from = Number(token ?? 0);
  const next = from + size;
  return { page: all.slice(from, next), NextToken: next < all.length ? String(next) : undefined };
}
