import { describe, expect, it } from 'vitest';
import { CacheError, CacheOptionError, createCache } from '../src/index.ts';
import { connect } from './support.ts';

describe('createCache', () => {
  it.each<[string, Record<string, unknown>, RegExp]>([
    ['prefix', { prefix: undefined }, /^prefix must be one or more words .* but is undefined\.$/],
    ['prefix', { prefix: '' }, /but is ""\.$/],
    ['prefix', { prefix: 'articles:' }, /but is "articles:"\.$/],
    ['prefix', { prefix: 'two words' }, /but is "two words"\.$/],
    ['timeoutMs', { timeoutMs: 0 }, /^timeoutMs must be a number of milliseconds, at least 1, but is 0\.$/],
    ['timeoutMs', { timeoutMs: Number.NaN }, /but is NaN\.$/],
    ['timeoutMs', { timeoutMs: 2 ** 31 }, /but is 2147483648\.$/],
    ['timeoutMs', { timeoutMs: '250' }, /but is "250"\.$/],
    ['codec', { codec: JSON }, /^codec must be an object with encode and decode, but is an object\.$/],
    ['onError', { onError: 'log' }, /^onError must be a function/],
    ['redis', { redis: undefined }, /^redis must be an ioredis client or a redis:\/\/ URL/],
    ['redis', { redis: {} }, /but is an object\.$/],
  ])('names the option %s when it is %o', (option, options, message) => {
    const make = () => createCache({ redis: connect(), prefix: 'articles', ...options });
    expect(make).toThrow(CacheOptionError);
    expect(make).toThrow(expect.objectContaining({ option }));
    expect(make).toThrow(message);
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
});
