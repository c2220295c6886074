import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { settingsBySource } from '../../src/config/sources.ts';

const URLS = {
  MYSQL_URL: 'mysql://user:pa55@127.0.0.1:3306/workshop',
  REDIS_URL: 'redis://127.0.0.1:6379/0',
};
const read = (env: Record<string, string> = {}) => readConfig({ ...URLS, ...env }, { engines: {} });

describe('readConfig', () => {
  it('needs only the two URLs', async () => {
    expect(await read()).toMatchObject({
      host: '127.0.0.1',
      port: 8008,
      mysqlUrl: URLS.MYSQL_URL,
      mysqlTls: undefined,
      redisUrl: URLS.REDIS_URL,
      redisTls: undefined,
      redisMode: 'node',
      secretRefreshMs: 3_600_000,
      cachePrefix: 'articles',
      cacheTtlMs: 60_000,
      cacheStaleIfErrorMs: 600_000,
      nearEntries: 0,
      redisTimeoutMs: 500,
      mysqlTimeoutMs: 15_000,
      mysqlConnections: 10,
      processes: 1,
      trustProxy: false,
      rateLimitPerMinute: 600,
      logLevel: 'info',
      stopLimitMs: 10_000,
    });
  });

  it('takes each setting from its variable, and an empty one for none', async () => {
    const env = {
      HOST: '0.0.0.0',
      PORT: '80',
      CACHE_TTL_SECONDS: '5',
      LOG_LEVEL: '',
      SECRET_REFRESH_MINUTES: '0',
    };
    expect(await read(env)).toMatchObject({
      host: '0.0.0.0',
      port: 80,
      cacheTtlMs: 5_000,
      logLevel: 'info',
      secretRefreshMs: 0,
    });
    expect(await read({ REDIS_URL: 'rediss://cache.example:6379' })).toMatchObject({
      redisTls: { ca: undefined },
    });
    expect(
      await read({ NEAR_ENTRIES: '500', RATE_LIMIT_PER_MINUTE: '0', REDIS_MODE: 'serverless' }),
    ).toMatchObject({
      nearEntries: 500,
      rateLimitPerMinute: 0,
      redisMode: 'serverless',
    });
    expect((await read({ WEB_PROCESSES: '4' })).processes).toBe(4);
    expect((await read({ WEB_PROCESSES: 'auto' })).processes).toBe(Math.min(availableParallelism(), 64));
  });

  it.each([
    ['none', false],
    ['2', 2],
    ['loopback', ['loopback']],
    ['loopback, 10.0.0.0/16,203.0.113.7, fd00::/8', ['loopback', '10.0.0.0/16', '203.0.113.7', 'fd00::/8']],
  ])('trusts proxies: %s', async (text, trusted) => {
    expect((await read({ TRUST_PROXY: text })).trustProxy).toEqual(trusted);
  });

  it('takes the database workshop where the URL names none', async () => {
    expect((await read({ MYSQL_URL: 'mysql://u:p@db.example:3306' })).mysqlUrl).toBe(
      'mysql://u:p@db.example:3306/workshop',
    );
  });

  const PROXIES =
    'must be none, a number of proxies from 1 to 10, or a list of addresses, such as "loopback, 10.0.0.0/16".';
  it.each([
    ['PORT', 'eighty', 'must be a whole number from 0 to 65535.'],
    ['PORT', '65536', 'must be a whole number from 0 to 65535.'],
    ['PORT', '-1', 'must be a whole number from 0 to 65535.'],
    ['CACHE_TTL_SECONDS', '0', 'must be a whole number from 1 to 86400.'],
    ['WEB_PROCESSES', '0', 'must be a whole number from 1 to 64, or auto.'],
    ['WEB_PROCESSES', 'many', 'must be a whole number from 1 to 64, or auto.'],
    ['NEAR_ENTRIES', '1.5', 'must be a whole number from 0 to 10000000.'],
    ['LOAD_GENERATOR', 'yes', 'must be on or off.'],
    ['RATE_LIMIT_PER_MINUTE', '-1', 'must be a whole number from 0 to 1000000.'],
    ['TRUST_PROXY', 'true', PROXIES],
    ['TRUST_PROXY', '0', PROXIES],
    ['TRUST_PROXY', '10.0.0.0/33', PROXIES],
    ['TRUST_PROXY', 'loopback,,', PROXIES],
    ['LOG_LEVEL', 'loud', 'must be one of trace, debug, info, warn, error, fatal, silent.'],
    ['REDIS_MODE', 'sentinel', 'must be one of node, cluster, serverless.'],
    ['MYSQL_TLS', 'on', 'must be verify or off.'],
    [
      'WORKSHOP_STACK',
      'my stack',
      "must be a CloudFormation stack's name, such as WorkshopStack, or its ARN.",
    ],
    [
      'MYSQL_URL',
      'postgres://u:pa55@h/d',
      'must be a URL of the form mysql://user:password@127.0.0.1:3306/workshop.',
    ],
    ['REDIS_URL', 'localhost:6379', 'must be a URL of the form redis://:password@127.0.0.1:6379/0.'],
    [
      'MYSQL_URL',
      'mysql://u:100%pa55@h/d',
      'must be a URL of the form mysql://user:password@127.0.0.1:3306/workshop.',
    ],
    ['REDIS_URL', 'redis://[pa55', 'must be a URL of the form redis://:password@127.0.0.1:6379/0.'],
  ])('names %s when it is %s, and repeats no value', async (variable, value, problem) => {
    const error: unknown = await read({ [variable]: value }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ message: `${variable} ${problem}`, variables: [variable] });
    expect(String(error)).not.toContain('pa55');
  });

  it('tells all that is wrong at once, a line each', async () => {
    await expect(readConfig({ PORT: 'x' }, { engines: {} })).rejects.toThrow(
      new ConfigError([
        { variable: 'PORT', problem: 'must be a whole number from 0 to 65535' },
        {
          variable: 'MYSQL_URL',
          problem:
            'is not set, and no engines of "npm start" run here. Run "npm start", or set it to a URL of the form mysql://user:password@127.0.0.1:3306/workshop',
        },
        {
          variable: 'REDIS_URL',
          problem:
            'is not set, and no engines of "npm start" run here. Run "npm start", or set it to a URL of the form redis://:password@127.0.0.1:6379/0',
        },
      ]),
    );
  });

  it('tells what is wrong before it asks AWS', async () => {
    const reading = readConfig({ WORKSHOP_STACK: 'WorkshopStack', PORT: 'x' }, { engines: {} });
    await expect(reading).rejects.toThrow(/^PORT must be a whole number from 0 to 65535\.$/);
  });
});

describe("AWS's SDK", () => {
  it('is not loaded for those who name no stack', async () => {
    await read();
    const isLoaded = () =>
      Object.keys(createRequire(import.meta.url).cache).some((file) => file.includes('@aws-sdk'));
    expect(isLoaded()).toBe(false);
    vi.stubEnv('AWS_REGION', undefined);
    vi.stubEnv('AWS_DEFAULT_REGION', undefined);
    vi.stubEnv('AWS_CONFIG_FILE', '/nowhere/config');
    onTestFinished(() => void vi.unstubAllEnvs());
    const named = readConfig({ ...URLS, MYSQL_URL: '', WORKSHOP_STACK: 'WorkshopStack' }, { engines: {} });
    await expect(named).rejects.toMatchObject({ code: 'no-region' });
    expect(isLoaded()).toBe(true);
  });
});

describe('the sources', () => {
  it('are told for every setting, without a password', async () => {
    const config = await readConfig(
      { PORT: '80', REDIS_URL: 'rediss://app:pa55@cache.example:6379/0?password=pa55' },
      { engines: { mysqlUrl: URLS.MYSQL_URL, redisUrl: 'redis://:other@127.0.0.1/0' } },
    );
    expect(config.sources).toMatchObject({
      PORT: 'environment',
      REDIS_URL: 'environment',
      MYSQL_URL: 'state file',
      HOST: 'default',
    });
    expect(settingsBySource(config)).toEqual({
      environment: { PORT: '80', REDIS_URL: 'rediss://app:***@cache.example:6379/0' },
      'state file': { MYSQL_URL: 'mysql://user:***@127.0.0.1:3306/workshop' },
      default: expect.objectContaining({ HOST: '127.0.0.1', TRUST_PROXY: 'none', MYSQL_TLS: 'off' }),
    });
    expect(JSON.stringify([config.sources, config.shown])).not.toContain('pa55');
  });
});

describe('certificates', () => {
  it.each(['MYSQL_CA', 'REDIS_CA'])('says what is wrong with %s', async (variable) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'web-ca-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const secure = { REDIS_URL: 'rediss://cache.example' };
    const missing = path.join(folder, 'ca.pem');
    await expect(read({ ...secure, [variable]: missing })).rejects.toThrow(
      `${variable} names ${missing}, which is not there.`,
    );
    await expect(read({ ...secure, [variable]: folder })).rejects.toThrow('which cannot be read (EISDIR).');
    const here = new URL(import.meta.url).pathname;
    await expect(read({ ...secure, [variable]: here })).rejects.toThrow(
      'which holds no certificate in PEM form',
    );
  });

  it('are not given where nothing is encrypted', async () => {
    const here = new URL(import.meta.url).pathname;
    await expect(read({ REDIS_CA: here })).rejects.toThrow(
      'REDIS_CA is given, but REDIS_URL does not begin with rediss://.',
    );
    await expect(read({ MYSQL_CA: here, MYSQL_TLS: 'off' })).rejects.toThrow(
      'MYSQL_CA is given, but MYSQL_TLS is off. Unset one of them.',
    );
  });

  it('are those of Node when MySQL is to be verified and nobody is named', async () => {
    expect((await read({ MYSQL_TLS: 'verify' })).mysqlTls).toEqual({ ca: undefined });
  });
});

it.each([
  [{}, true],
  [{ HOST: 'localhost' }, true],
  [{ HOST: '::1' }, true],
  [{ HOST: '0.0.0.0' }, false],
  [{ HOST: '0.0.0.0', LOAD_GENERATOR: 'on' }, true],
  [{ LOAD_GENERATOR: 'off' }, false],
])(
  'offers the load generator where only this machine can reach it, or it was asked for: %j',
  async (given, offered) => {
    expect((await read(given)).loadGenerator).toBe(offered);
  },
);
