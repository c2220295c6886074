import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { StackError } from '../../src/config/stack-error.ts';
import type { FakeAws } from './fake-aws.ts';
import { useFakeAws } from './fake-aws.ts';

export const PASSWORD = `pa%w/d#:@?'"& é<>`;
export const OUTPUTS = {
  secretname: 'workshop/db',
  mysqlendpoint: 'db.abc.eu-west-1.rds.amazonaws.com',
  redisendpoint: 'master.cache.abc.euw1.cache.amazonaws.com:6380',
  webserverpublicip: '203.0.113.7',
};
const RDS_SECRET = {
  username: 'admin',
  password: PASSWORD,
  engine: 'mysql',
  host: 'db',
  port: 3307,
  dbname: 'shop',
};

export async function withStack(outputs: Record<string, string> = OUTPUTS): Promise<FakeAws> {
  const aws = await useFakeAws();
  aws.stacks.set('WorkshopStack', { outputs });
  aws.secrets.set('workshop/db', JSON.stringify(RDS_SECRET));
  return aws;
}

/** With a state folder that holds nothing. */
export async function read(env: Record<string, string> = {}): Promise<Config> {
  const folder = await mkdtemp(path.join(tmpdir(), 'web-config-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return readConfig(
    { WORKSHOP_STACK: 'WorkshopStack', WORKSHOP_STATE: folder, ...env },
    { awsLimitMs: 10_000 },
  );
}

export async function failure(reading: Promise<unknown>): Promise<StackError> {
  const error: unknown = await reading.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StackError);
  if (!(error instanceof StackError)) throw new Error('There was no StackError.');
  expect(error.message).not.toContain(PASSWORD);
  return error;
}
