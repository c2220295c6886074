import { Cluster } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CacheError, CacheOptionError, createCache, systemTime } from '../src/index.ts';
import { connect, makeCache } from './support.ts';

const MS = /must be a number of milliseconds, at least 1, but is /;

describe('createCache', () => {
  it.each<[string, Record<string, unknown>, RegExp]>([
    ['prefix', { prefix: undefined }, /^prefix must be one or more words .* but is undefined\.$/],
    ['prefix', { prefix: '' }, /but is ""\.$/],
    ['prefix', { prefix: 'articles:' }, /but is "articles:"\.$/],
    ['prefix', { prefix: 'two words' }, /but is "two words"\.$/],
    ['prefix', { prefix: 'a{b}' }, /but is "a\{b\}"\.$/],
    ['prefix', { prefix: 5 }, /but is 5\.$/],
    ['timeoutMs', { timeoutMs: 0 }, /^timeoutMs must be a number of milliseconds, at least 1, but is 0\.$/],
    ['timeoutMs', { timeoutMs: Number.NaN }, /but is NaN\.$/],
    ['timeoutMs', { timeoutMs: 2 ** 31 }, /but is 2147483648\.$/],
    ['timeoutMs', { timeoutMs: '250' }, /but is "250"\.$/],
    ['codec', { codec: JSON }, /^codec must be an object with encode and decode, but is an object\.$/],
    ['codec', { codec: null }, /but is null\.$/],
    ['codec', { codec: { encode: () => Buffer.alloc(0) } }, /but is an object\.$/],
    ['onError', { onError: 'log' }, /^onError must be a function/],
    ['redis', { redis: undefined }, /^redis must be an ioredis client or a redis:\/\/ URL/],
    ['redis', { redis: null }, /but is null\.$/],
    ['redis', { redis: {} }, /but is an object\.$/],
    [
      'compress.fromBytes',
      { compress: {} },
      /^compress\.fromBytes must be a whole number, at least 0, but is undefined/,
    ],
    ['compress.fromBytes', { compress: { fromBytes: -1 } }, /but is -1\.$/],
    ['compress.fromBytes', { compress: { fromBytes: 1.5 } }, /but is 1\.5\.$/],
    ['compress.fromBytes', { compress: true }, /but is undefined\.$/],
    ['lease', { lease: true }, /^lease must be an object, but is true\.$/],
    ['lease', { lease: null }, /but is null\.$/],
    ['lease.ms', { lease: { ms: 0 } }, MS],
    ['lease.ms', { lease: { ms: '10s' } }, /but is "10s"\.$/],
    ['lease.waitMs', { lease: { waitMs: Number.POSITIVE_INFINITY } }, /but is Infinity\.$/],
    ['lease.waitMs', { lease: { waitMs: -5 } }, MS],
    ['loads', { loads: 64 }, /^loads must be an object, but is 64\.$/],
    [
      'loads.maxConcurrent',
      { loads: { maxConcurrent: 0 } },
      /^loads\.maxConcurrent must be a whole number, at least 1, but is 0\.$/,
    ],
    ['loads.maxConcurrent', { loads: { maxConcurrent: Number.POSITIVE_INFINITY } }, /but is Infinity\.$/],
    ['breaker', { breaker: true }, /^breaker must be an object, but is true\.$/],
    ['breaker.faults', { breaker: { faults: 0.5 } }, /but is 0\.5\.$/],
    ['breaker.openMs', { breaker: { openMs: 0 } }, MS],
    ['near', { near: true }, /^near must be an object, but is true\.$/],
    [
      'near.maxEntries',
      { near: {} },
      /^near\.maxEntries must be a whole number, at least 1 and at most 10000000, but is undefined\.$/,
    ],
    ['near.maxEntries', { near: { maxEntries: 0 } }, /but is 0\.$/],
    ['near.maxEntries', { near: { maxEntries: 10_000_001 } }, /but is 10000001\.$/],
    ['near.ttlMs', { near: { maxEntries: 1, ttlMs: 0 } }, MS],
    ['near.heartbeatMs', { near: { maxEntries: 1, heartbeatMs: Number.NaN } }, MS],
    ['replicas', { replicas: 1 }, /^replicas must be an object, but is 1\.$/],
    [
      'replicas.count',
      { replicas: {} },
      /^replicas\.count must be a whole number, at least 1, but is undefined\.$/,
    ],
    ['replicas.count', { replicas: { count: 0 } }, /but is 0\.$/],
    [
      'replicas.reader',
      { replicas: { count: 1, reader: {} } },
      /^replicas\.reader must be an ioredis client/,
    ],
    ['probe.rate', { probe: {} }, /^probe\.rate must be a number from 0 to 1, but is undefined\.$/],
    ['probe.rate', { probe: { rate: 1.1 } }, /but is 1\.1\.$/],
    ['probe.rate', { probe: 0.01 }, /^probe\.rate must be/],
    ['time', { time: Date }, /^time must be an object with now, delay and random, but is a function\.$/],
    ['time', { time: { now: Date.now } }, /but is an object\.$/],
    ['time', { time: null }, /but is null\.$/],
    ['tracing', { tracing: {} }, /^tracing must be/],
    ['tracing', { tracing: 'on' }, /but is "on"\.$/],
  ])('names the option %s when it is %o', (option, options, message) => {
    const make = () => createCache({ redis: connect(), prefix: 'articles', ...options });
    expect(make).toThrow(CacheOptionError);
    expect(make).toThrow(expect.objectContaining({ option }));
    expect(make).toThrow(message);
  });

  it.each([undefined, null, 'redis://localhost'])('refuses to be given %j for its options', (options) => {
    expect(() => createCache(options as never)).toThrow(CacheOptionError);
  });

  it('takes every option at its bounds', async () => {
    const { cache } = makeCache({
      timeoutMs: 20_000,
      compress: { fromBytes: 0 },
      lease: { ms: 2 ** 31 - 1, waitMs: 1 },
      loads: { maxConcurrent: 1 },
      breaker: { faults: 1, openMs: 1 },
      near: { maxEntries: 1, ttlMs: 1, heartbeatMs: 1_000 },
      probe: { rate: 0 },
      time: systemTime,
      onError: () => {},
    });
    expect(await cache.getOrLoad('key', () => 1, { ttlMs: 60_000 })).toBe(1);
  });

  it('takes undefined for an option that is not given', async () => {
    const none = [
      'timeoutMs',
      'codec',
      'compress',
      'lease',
      'loads',
      'breaker',
      'near',
      'replicas',
      'probe',
      'time',
      'tracing',
      'onError',
    ];
    const { cache } = makeCache(Object.fromEntries(none.map((option) => [option, undefined])));
    expect(await cache.getOrLoad('key', () => 1, { ttlMs: 60_000 })).toBe(1);
  });

  it('does not repeat a URL, which may hold a password', () => {
    const redis = 'http://:hunter2@localhost';
    expect(() => createCache({ redis, prefix: 'articles' })).toThrow(
      new CacheOptionError('redis', '(hidden)', 'a URL of the form redis://host:port'),
    );
  });

  it('refuses a client that adds a prefix of its own', () => {
    const redis = connect();
    redis.options.keyPrefix = 'app:';
    const make = () => createCache({ redis, prefix: 'articles' });
    expect(make).toThrow(expect.objectContaining({ option: 'redis.options.keyPrefix', value: 'app:' }));
    expect(make).toThrow(CacheError);
  });

  it('refuses a cluster client that reads from replicas, unless it is told how many there are', () => {
    const redis = new Cluster([{ host: '127.0.0.1', port: 1 }], { lazyConnect: true, scaleReads: 'slave' });
    onTestFinished(() => redis.disconnect());
    const make = () => createCache({ redis, prefix: 'articles' });
    expect(make).toThrow(expect.objectContaining({ option: 'replicas', value: undefined }));
  });
});
