import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../src/index.ts';

const URLS = {
  MYSQL_URL: 'mysql://user:pa55@127.0.0.1:3306/workshop',
  REDIS_URL: 'redis://127.0.0.1:6379/0',
};

describe('readConfig', () => {
  it('needs only the two URLs', () => {
    expect(readConfig(URLS)).toEqual({
      host: '127.0.0.1',
      port: 8008,
      mysqlUrl: URLS.MYSQL_URL,
      redisUrl: URLS.REDIS_URL,
      cachePrefix: 'articles',
      cacheTtlMs: 60_000,
      redisTimeoutMs: 500,
      mysqlTimeoutMs: 15_000,
      mysqlConnections: 10,
      logLevel: 'info',
      stopLimitMs: 10_000,
    });
  });

  it('takes each setting from its variable, and an empty one for none', () => {
    const env = { ...URLS, HOST: '0.0.0.0', PORT: '80', CACHE_TTL_SECONDS: '5', LOG_LEVEL: '' };
    expect(readConfig(env)).toMatchObject({ host: '0.0.0.0', port: 80, cacheTtlMs: 5_000, logLevel: 'info' });
    expect(readConfig({ ...URLS, REDIS_URL: 'rediss://cache.example:6379' }).redisUrl).toMatch(/^rediss/);
  });

  it.each([
    ['PORT', 'eighty', 'PORT must be a whole number from 0 to 65535.'],
    ['PORT', '65536', 'PORT must be a whole number from 0 to 65535.'],
    ['PORT', '-1', 'PORT must be a whole number from 0 to 65535.'],
    ['CACHE_TTL_SECONDS', '0', 'CACHE_TTL_SECONDS must be a whole number from 1 to 86400.'],
    ['LOG_LEVEL', 'loud', 'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent.'],
    [
      'MYSQL_URL',
      'postgres://u:pa55@h/d',
      'MYSQL_URL must be a URL of the form mysql://user:password@127.0.0.1:3306/workshop.',
    ],
    [
      'REDIS_URL',
      'localhost:6379',
      'REDIS_URL must be a URL of the form redis://:password@127.0.0.1:6379/0.',
    ],
    ['REDIS_URL', 'redis://[pa55', 'REDIS_URL must be a URL of the form redis://:password@127.0.0.1:6379/0.'],
  ])('names %s when it is %s, and repeats no value', (variable, value, message) => {
    const read = () => readConfig({ ...URLS, [variable]: value });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(message);
    expect(read).toThrow(expect.objectContaining({ variables: [variable] }));
    expect(read).not.toThrow(/pa55/);
  });

  it('tells all that is wrong at once, a line each', () => {
    expect(() => readConfig({ PORT: 'x' })).toThrow(
      new ConfigError([
        { variable: 'PORT', problem: 'must be a whole number from 0 to 65535' },
        {
          variable: 'MYSQL_URL',
          problem: 'is not set. It must be a URL of the form mysql://user:password@127.0.0.1:3306/workshop',
        },
        {
          variable: 'REDIS_URL',
          problem: 'is not set. It must be a URL of the form redis://:password@127.0.0.1:6379/0',
        },
      ]),
    );
  });
});
