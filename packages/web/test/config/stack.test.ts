import { describe, expect, it, vi } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { settingsBySource, unusedStack } from '../../src/config/sources.ts';
import type { AwsError } from './fake-aws.ts';
import { failure, OUTPUTS, PASSWORD, read, withStack } from './workshop-stack.ts';

describe('a stack that is there', () => {
  it('gives both URLs, with the user and the password of its secret, encrypted', async () => {
    const aws = await withStack();
    const config = await read();
    const mysql = new URL(config.mysqlUrl);
    expect(mysql.host).toBe('db.abc.eu-west-1.rds.amazonaws.com:3307');
    expect(mysql.pathname).toBe('/shop');
    expect(decodeURIComponent(mysql.password)).toBe(PASSWORD);
    expect(config.redisUrl).toBe('rediss://master.cache.abc.euw1.cache.amazonaws.com:6380/0');
    expect(config).toMatchObject({ redisMode: 'node', redisTls: { ca: undefined } });
    expect(config.mysqlTls?.ca?.length).toBeGreaterThan(50);
    expect(aws.requests).toEqual(['DescribeStacks WorkshopStack', 'GetSecretValue workshop/db']);
  });

  it('is told as the source, and its secret is never shown', async () => {
    await withStack();
    const config = await read({ PORT: '9000' });
    expect(settingsBySource(config)).toMatchObject({
      environment: { PORT: '9000', WORKSHOP_STACK: 'WorkshopStack' },
      'stack WorkshopStack': {
        MYSQL_URL: 'mysql://admin:***@db.abc.eu-west-1.rds.amazonaws.com:3307/shop',
        MYSQL_TLS: 'verify',
        REDIS_URL: 'rediss://master.cache.abc.euw1.cache.amazonaws.com:6380/0',
      },
      default: { HOST: '127.0.0.1', MYSQL_CA: 'none' },
    });
    expect(JSON.stringify(settingsBySource(config))).not.toContain('pa%');
    expect(unusedStack(config)).toBeUndefined();
  });

  it('may write its outputs in any case, and have a secret for the cache, a mode, and ports', async () => {
    const aws = await withStack({
      SecretName: 'workshop/db',
      MysqlEndpoint: 'db.example:3310',
      RedisEndpoint: 'cfg.example',
      RedisSecretName: 'workshop/cache',
      RedisMode: 'cluster',
    });
    aws.secrets.set('workshop/db', JSON.stringify({ username: 'admin', password: 'p' }));
    aws.secrets.set('workshop/cache', JSON.stringify({ username: 'app', password: PASSWORD }));
    const config = await read();
    expect(config.mysqlUrl).toBe('mysql://admin:p@db.example:3310/workshop');
    expect(config.redisUrl).toBe(`rediss://app:${encodeURIComponent(PASSWORD)}@cfg.example:6379/0`);
    expect(config).toMatchObject({ redisMode: 'cluster', redisSecret: { name: 'workshop/cache' } });
    expect(await config.redisSecret?.read()).toEqual({ user: 'app', password: PASSWORD });
  });

  it('is asked only for what nobody else gives', async () => {
    const aws = await withStack({ redisendpoint: 'cache.example' });
    const config = await read({ MYSQL_URL: 'mysql://u:p@localhost/d' });
    expect(config.sources).toMatchObject({ MYSQL_URL: 'environment', REDIS_URL: 'stack WorkshopStack' });
    expect(config.mysqlTls).toBeUndefined();
    expect(aws.requests).toEqual(['DescribeStacks WorkshopStack']);
  });

  it('is not asked at all when both engines are known, and that is said', async () => {
    const aws = await withStack();
    const config = await readConfig(
      { WORKSHOP_STACK: 'WorkshopStack', REDIS_URL: 'redis://localhost' },
      { engines: { mysqlUrl: 'mysql://u:p@localhost/d' } },
    );
    expect(aws.requests).toEqual([]);
    expect(unusedStack(config)).toMatch(
      /^WORKSHOP_STACK is WorkshopStack, which was not asked: MYSQL_URL comes from the state file, and REDIS_URL from the environment\./,
    );
  });

  it.each(['UPDATE_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'])(
    'is taken as it was while its status is %s',
    async (status) => {
      const aws = await withStack();
      aws.stacks.set('WorkshopStack', { status, outputs: OUTPUTS });
      expect((await read()).mysqlUrl).toContain('db.abc');
    },
  );
});

describe('what a stack does not give', () => {
  it.each([
    ['CREATE_IN_PROGRESS', undefined, /still being made \(CREATE_IN_PROGRESS\).*cdk deploy/],
    ['ROLLBACK_COMPLETE', 'quota', /its status is ROLLBACK_COMPLETE \(quota\)\. Deploy it again/],
    ['DELETE_IN_PROGRESS', undefined, /its status is DELETE_IN_PROGRESS/],
  ])('a stack that is %s', async (status, reason, message) => {
    const aws = await withStack();
    aws.stacks.set('WorkshopStack', { status, outputs: OUTPUTS, ...(reason !== undefined && { reason }) });
    const error = await failure(read());
    expect(error).toMatchObject({ code: 'stack-not-ready', message: expect.stringMatching(message) });
  });

  it('a stack of that name', async () => {
    await withStack();
    const error = await failure(read({ WORKSHOP_STACK: 'Elsewhere' }));
    expect(error.code).toBe('no-stack');
    expect(error.message).toMatch(
      /no stack of this name in eu-west-1: the stack Elsewhere\..*WORKSHOP_STACK.*AWS_REGION/,
    );
  });

  it('an output', async () => {
    await withStack({ mysqlendpoint: 'db.example', redisendpoint: 'cache.example' });
    const error = await failure(read());
    expect(error.code).toBe('no-output');
    expect(error.message).toMatch(/has no output secretname; it has: mysqlendpoint, redisendpoint\./);
  });

  it.each([
    ['redismode', 'sentinel', 'it should be one of node, cluster, serverless'],
    ['redisendpoint', 'redis://cache.example', 'it should be an address, or address:port'],
  ])('a usable output %s', async (key, value, wanted) => {
    await withStack({ ...OUTPUTS, [key]: value });
    const error = await failure(read());
    expect(error.code).toBe('bad-output');
    expect(error.message).toBe(`The output ${key} of the stack WorkshopStack is "${value}"; ${wanted}.`);
  });

  it.each([
    ['not JSON', 'hunter2', 'is not JSON'],
    ['no object', '"hunter2"', 'is not a JSON object'],
    ['no password', '{"username":"hunter2"}', 'lacks a usable password'],
    ['no fields', '{"user":"hunter2"}', 'lacks a usable username and password'],
    ['a port that is none', '{"username":"u","password":"hunter2","port":"x"}', 'lacks a usable port'],
  ])('a usable secret: %s', async (_what, text, wrong) => {
    const aws = await withStack();
    aws.secrets.set('workshop/db', text);
    const error = await failure(read());
    expect(error.code).toBe('bad-secret');
    expect(error.message).toContain(`The secret workshop/db ${wrong}.`);
    expect(error.message).not.toContain('hunter2');
  });

  it('the secret', async () => {
    const aws = await withStack();
    aws.secrets.clear();
    const error = await failure(read());
    expect(error.code).toBe('no-secret');
    expect(error.message).toMatch(
      /^The secret workshop\/db is not to be had in eu-west-1 \(ResourceNotFoundException/,
    );
  });
});

describe('what AWS refuses', () => {
  const denied = 'User: arn:aws:sts::111122223333:assumed-role/web/i-0 is not authorized to perform: x';
  const cases: [string, 'DescribeStacks' | 'GetSecretValue', AwsError, string, RegExp][] = [
    [
      'credentials that may not look at the stack',
      'DescribeStacks',
      { status: 403, code: 'AccessDenied', message: denied },
      'denied',
      /may not read the stack WorkshopStack \(AccessDenied: User: .*Allow cloudformation:DescribeStacks on it.*instance's role/,
    ],
    [
      'credentials that may not read the secret',
      'GetSecretValue',
      { status: 400, code: 'AccessDeniedException', message: denied },
      'denied',
      /may not read the secret workshop\/db .*Allow secretsmanager:GetSecretValue/,
    ],
    [
      'expired credentials',
      'DescribeStacks',
      { status: 403, code: 'ExpiredToken', message: 'The security token included in the request is expired' },
      'expired-credentials',
      /have expired, so the stack WorkshopStack was not read\. Sign in again/,
    ],
    [
      'credentials that expire in between',
      'GetSecretValue',
      { status: 400, code: 'ExpiredTokenException', message: 'expired' },
      'expired-credentials',
      /have expired, so the secret workshop\/db was not read/,
    ],
    [
      'credentials of nobody',
      'DescribeStacks',
      { status: 403, code: 'InvalidClientTokenId', message: 'The security token is invalid.' },
      'unknown-credentials',
      /does not accept these credentials.*aws sts get-caller-identity/,
    ],
    [
      'too many requests',
      'DescribeStacks',
      { status: 400, code: 'Throttling', message: 'Rate exceeded' },
      'throttled',
      /CloudFormation takes no more requests for now/,
    ],
    [
      'what nobody foresaw',
      'GetSecretValue',
      { status: 500, code: 'InternalServiceError', message: 'oops' },
      'unexpected',
      /Secrets Manager did not answer as expected about the secret workshop\/db \(InternalServiceError: oops\)/,
    ],
  ];
  it.each(cases)('%s', async (_what, action, refusal, code, message) => {
    const aws = await withStack();
    aws.weather.set(action, refusal);
    expect(await failure(read())).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('no region', async () => {
    await withStack();
    vi.stubEnv('AWS_REGION', undefined);
    vi.stubEnv('AWS_DEFAULT_REGION', undefined);
    expect(await failure(read())).toMatchObject({
      code: 'no-region',
      message: expect.stringContaining('AWS_REGION=eu-west-1'),
    });
  });

  it('no credentials', async () => {
    await withStack();
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
    expect(await failure(read())).toMatchObject({
      code: 'no-credentials',
      message: expect.stringMatching(/^No AWS credentials were found to read the stack WorkshopStack/),
    });
  });

  it('an answer in time', async () => {
    const aws = await withStack();
    aws.weather.set('GetSecretValue', 'hang');
    const reading = readConfig(
      { WORKSHOP_STACK: 'WorkshopStack', REDIS_URL: 'redis://localhost' },
      { engines: {}, awsLimitMs: 300 },
    );
    expect(await failure(reading)).toMatchObject({
      code: 'no-answer',
      message: expect.stringMatching(/^Secrets Manager in eu-west-1 gave no answer .*not within 0\.3 s/),
    });
  });

  it('an answer at all', async () => {
    await withStack();
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
    expect(await failure(read())).toMatchObject({
      code: 'no-answer',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });
});
