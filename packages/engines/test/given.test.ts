import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EngineError, enginesStatus, enginesUp, type Engines } from '../src/index.ts';
import { findFreePorts } from '../src/ports.ts';
import { makeState, nativeEnv, query, type TestState } from './support.ts';

/** Servers that somebody runs; here they are another state folder's. */
let theirs: TestState;
let servers: Engines;
let ours: TestState;

beforeAll(async () => {
  [theirs, ours] = await Promise.all([makeState(), makeState()]);
  servers = await theirs.up();
});
afterAll(() => Promise.all([theirs.remove(), ours.remove()]));

const up = (urls: NodeJS.ProcessEnv) =>
  ours.up({ env: { ...nativeEnv, WORKSHOP_INSTALL: 'never', ...urls } });

test('given servers are used as they are, and none is started', async () => {
  const engines = await up({ MYSQL_URL: servers.mysqlUrl, REDIS_URL: servers.redisUrl });
  expect(engines).toEqual({ ...servers, sources: { mysql: 'given', redis: 'given' } });
  expect(await ours.pids()).toEqual({ mysql: undefined, redis: undefined });
  await ours.takeDown();
  expect(await query(servers.mysqlUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('one may be given, and the other is then run here', async () => {
  const engines = await up({ MYSQL_URL: servers.mysqlUrl });
  expect(engines.sources).toEqual({ mysql: 'given', redis: 'native' });
  expect(engines.redisUrl).not.toBe(servers.redisUrl);
  const env = { ...nativeEnv, MYSQL_URL: servers.mysqlUrl };
  const statuses = await enginesStatus({ stateDir: ours.stateDir, env });
  expect(statuses).toMatchObject([
    { name: 'mysql', source: 'given', state: 'running' },
    { name: 'redis', source: 'native', state: 'running' },
  ]);
  expect(JSON.stringify(statuses)).not.toContain(new URL(servers.mysqlUrl).password);
});

test('a database that is missing is made, and one that is not named is "workshop"', async () => {
  const named = new URL(servers.mysqlUrl);
  named.pathname = '/made%20on%20demand';
  const { mysqlUrl } = await up({ MYSQL_URL: named.href, REDIS_URL: servers.redisUrl });
  expect(await query(mysqlUrl, 'SELECT DATABASE() AS db')).toEqual([{ db: 'made on demand' }]);
  named.pathname = '';
  expect((await up({ MYSQL_URL: named.href, REDIS_URL: servers.redisUrl })).mysqlUrl).toBe(servers.mysqlUrl);
});

describe('what is wrong with a URL is said in one line, without its password', () => {
  const password = 'hunter2-hunter2';

  async function complaint(urls: NodeJS.ProcessEnv): Promise<EngineError> {
    const error: unknown = await up({
      MYSQL_URL: servers.mysqlUrl,
      REDIS_URL: servers.redisUrl,
      ...urls,
    }).catch((e: unknown) => e);
    if (!(error instanceof EngineError)) throw new Error('an EngineError was expected', { cause: error });
    expect(error.message).not.toContain('\n');
    // As it would be printed, causes and all.
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(password);
    return error;
  }

  test('a wrong password', async () => {
    for (const name of ['MYSQL_URL', 'REDIS_URL'] as const) {
      const url = new URL(name === 'MYSQL_URL' ? servers.mysqlUrl : servers.redisUrl);
      url.password = password;
      const { code, message } = await complaint({ [name]: url.href });
      expect(code).toBe('access-denied');
      expect(message).toMatch(`${name} names a server that refuses its user name or password`);
      expect(message).toContain(url.host);
    }
  });

  test('no password at all', async () => {
    const { code } = await complaint({ REDIS_URL: `redis://${new URL(servers.redisUrl).host}/0` });
    expect(code).toBe('access-denied');
  });

  test('a server that is not there', async () => {
    const port = await findFreePorts();
    for (const [name, url] of [
      ['MYSQL_URL', `mysql://somebody:${password}@127.0.0.1:${port}/workshop`],
      ['REDIS_URL', `redis://:${password}@127.0.0.1:${port}/0`],
      ['MYSQL_URL', `mysql://somebody:${password}@no-such-host.invalid/workshop`],
    ] as const) {
      const { code, message } = await complaint({ [name]: url });
      expect(code).toBe('unreachable');
      expect(message).toMatch(new RegExp(`^${name} names a server that does not answer .*unset ${name}`));
    }
  });

  test('a database that its user may neither use nor make', async () => {
    await query(
      servers.mysqlUrl,
      `CREATE USER IF NOT EXISTS 'visitor'@'127.0.0.1' IDENTIFIED BY '${password}'`,
    );
    const url = new URL(servers.mysqlUrl);
    Object.assign(url, { username: 'visitor', password, pathname: '/not_yours' });
    const { code, message } = await complaint({ MYSQL_URL: url.href });
    expect(code).toBe('access-denied');
    expect(message).toContain('mysql://visitor@');
  });

  test('no URL of the kind', async () => {
    for (const url of [`postgres://a:${password}@127.0.0.1/db`, password, `mysql:${password}`]) {
      const { code, message } = await complaint({ MYSQL_URL: url });
      expect(code).toBe('settings');
      expect(message).toMatch(/^MYSQL_URL is not a URL of the form mysql:\/\//);
    }
  });
});

test('a cluster is never given, and is not taken for Redis', async () => {
  await expect(
    enginesUp({
      stateDir: ours.stateDir,
      cluster: true,
      env: {
        PATH: '/nowhere',
        WORKSHOP_ENGINES: 'docker',
        MYSQL_URL: servers.mysqlUrl,
        REDIS_URL: servers.redisUrl,
      },
    }),
  ).rejects.toMatchObject({
    code: 'no-engine',
    message: expect.stringMatching(/^No way to run Redis Cluster: /),
  });
});
