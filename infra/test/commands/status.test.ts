import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { status } from '../../commands/status.ts';
import type { Template } from '../../prices/template.ts';
import { useFakeAws, type FakeAws } from './fake-aws.ts';
import { fakeIo } from './fake-io.ts';
import { useFakeStack, type FakeStackOptions } from './fake-stack.ts';

const stackName = 'CachingWorkshop';
const template: Template = {
  Resources: {
    Cache: {
      Type: 'AWS::ElastiCache::ReplicationGroup',
      Properties: { Engine: 'valkey', CacheNodeType: 'cache.t4g.micro', NumCacheClusters: 1 },
    },
  },
};
const alarm = (name: string) => ({ logical: name, type: 'AWS::CloudWatch::Alarm', physical: `Shop-${name}` });

async function account(options: FakeStackOptions = {}, ringing: readonly string[] = []): Promise<FakeAws> {
  const aws = await useFakeAws();
  useFakeStack(aws, { template, resources: [alarm('Cpu'), alarm('Memory')], ...options });
  aws.on('ssm:DescribeInstanceInformation', () => ({ InstanceInformationList: [{ InstanceId: 'i-1' }] }));
  aws.on('monitoring:DescribeAlarms', ({ AlarmNames }) => ({
    MetricAlarms: (AlarmNames as string[]).map((AlarmName) => ({
      AlarmName,
      AlarmDescription: `what ${AlarmName} watches`,
      StateValue: ringing.includes(AlarmName) ? 'ALARM' : 'OK',
    })),
  }));
  return aws;
}

/** A site that answers /readyz so. @returns its URL */
async function site(code: number): Promise<string> {
  const server: Server = createServer((_, response) => response.writeHead(code).end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a stack that is well: its age, its price so far, its page, its outputs', async () => {
  const url = await site(200);
  await account({ outputs: { webserverurl: url, mysqlendpoint: 'db.example:3307' } });
  const io = fakeIo();
  expect(await status(stackName, io)).toBe(0);
  expect(io.text()).toBe(`CachingWorkshop in eu-west-1: CREATE_COMPLETE, made 3 h 0 min ago

  price    0.0128 USD an hour, 0.10 for 8 hours; 0.04 so far
  servers  i-1
  page     ${url} is ready
  alarms   2 alarms: 0 in ALARM, 2 OK, 0 without data

Outputs
  mysqlendpoint  db.example:3307
  webserverurl   ${url}`);
});

test('an alarm that rings is told with what it watches, and is a failure', async () => {
  await account({}, ['Shop-Memory']);
  const io = fakeIo();
  expect(await status(stackName, io)).toBe(1);
  expect(io.text()).toContain('2 alarms: 1 in ALARM, 1 OK');
  expect(io.text()).toContain('    ALARM Shop-Memory: what Shop-Memory watches');
});

test('a stack that failed is told with its reason', async () => {
  await account({ status: 'ROLLBACK_COMPLETE', reason: 'The server was never ready' });
  const io = fakeIo();
  expect(await status(stackName, io)).toBe(1);
  expect(io.text()).toContain('ROLLBACK_COMPLETE, made 3 h 0 min ago\n  The server was never ready\n');
  expect(io.text()).toContain('page     pnpm infra:open');
});

test('a page that is not ready, and one that no port leads to', async () => {
  const url = await site(503);
  await account({ outputs: { webserverurl: url } });
  const io = fakeIo();
  await status(stackName, io);
  expect(io.text()).toContain(`${url} is not ready (503)`);

  await account({ outputs: { webserverurl: 'http://127.0.0.1:1' } });
  const closed = fakeIo();
  await status(stackName, closed);
  expect(closed.text()).toContain('http://127.0.0.1:1 does not answer here; pnpm infra:open');
});

test('no stack of this name: what to do', async () => {
  await account();
  await expect(status('Other', fakeIo())).rejects.toThrow(
    /^There is no stack Other in eu-west-1\. Deploy it/,
  );
});
