import { describe, expect, it } from 'vitest';
import type { LoadOptions } from '../src/index.ts';
import { CacheOptionError } from '../src/index.ts';
import { makeCache } from './support.ts';

/** Options of a read that are in order but for these. */
const but = (options: Record<string, unknown>) => ({ ttlMs: 1_000, ...options });

describe('the options of a read', () => {
  const bad: [string, Record<string, unknown> | undefined, RegExp][] = [
    ['ttlMs', undefined, /^ttlMs must be a number of milliseconds, at least 1, but is undefined\.$/],
    ['ttlMs', {}, /but is undefined\.$/],
    ['ttlMs', { ttlMs: 0.5 }, /but is 0\.5\.$/],
    ['ttlMs', { ttlMs: 2 ** 53 }, /but is 9007199254740992\.$/],
    ['absentTtlMs', but({ absentTtlMs: 0 }), /^absentTtlMs must be/],
    ['absentTtlMs', but({ absentTtlMs: '1s' }), /but is "1s"\.$/],
    ['jitter', but({ jitter: 1.01 }), /^jitter must be a number from 0 to 1, but is 1\.01\.$/],
    ['jitter', but({ jitter: -0.1 }), /but is -0\.1\.$/],
    ['jitter', but({ jitter: Number.NaN }), /but is NaN\.$/],
    ['staleWhileRevalidateMs', but({ staleWhileRevalidateMs: -1 }), /milliseconds, 0 or more, but is -1\.$/],
    ['staleIfErrorMs', but({ staleIfErrorMs: Number.POSITIVE_INFINITY }), /but is Infinity\.$/],
    ['errorTtlMs', but({ errorTtlMs: '1s' }), /but is "1s"\.$/],
    ['earlyRefresh', but({ earlyRefresh: -1 }), /^earlyRefresh must be a number above 0.*but is -1\.$/],
    ['earlyRefresh', but({ earlyRefresh: true }), /but is true\.$/],
    ['tags', but({ tags: 'tag' }), /^tags must be a list of strings that are not empty, but is "tag"\.$/],
    ['tags', but({ tags: [''] }), /but is an array\.$/],
    ['tags', but({ tags: [1] }), /but is an array\.$/],
    [
      'schema',
      but({ schema: {} }),
      /^schema must be a schema that follows Standard Schema, but is an object\.$/,
    ],
  ];

  it.each(bad)('name %s when they are %o', async (option, options, message) => {
    const { cache } = makeCache();
    const given = options as unknown as LoadOptions;
    const load = () => 'value';
    const reads = [
      () => cache.getOrLoad('key', load, given),
      () => cache.getOrLoadWithOutcome('key', load, given),
      () => cache.getOrLoadJson('key', load, given),
      () => cache.getOrLoadMany(['key'], () => new Map(), given && { ...given, key: String }),
    ];
    for (const read of reads) {
      await expect(read()).rejects.toThrow(CacheOptionError);
      await expect(read()).rejects.toThrow(expect.objectContaining({ option }));
      await expect(read()).rejects.toThrow(message);
    }
    expect(cache.stats()).toMatchObject({ loads: 0, misses: 0 });
  });
});
