import type { RedisEvent } from '@workshop/wiretap';
import { describe, expect, it, vi } from 'vitest';
import { writeScript } from '../src/redis/scripts.ts';
import { makeTappedCache } from './support.ts';
import { PATIENCE } from './support-time.ts';

const isWrite = (event: RedisEvent) => String(event.args?.[0]) === writeScript.sha;
const isWriteAnew = (event: RedisEvent) =>
  event.name === 'EVAL' && String(event.args?.[0]) === writeScript.source;

describe('a script that the server does not know', () => {
  it('is sent again as text', async () => {
    const { cache, tap, redis, prefix } = await makeTappedCache({ timeoutMs: 20_000 });
    tap.weather.fail(isWrite, 'NOSCRIPT No matching script. Please use EVAL.');
    expect(await cache.set('key', 'value', { ttlMs: 60_000 })).toBe(true);
    expect(await redis.get(`${prefix}:key`)).toBe('j"value"');
  });

  it('is not, once nobody stands behind it any more: it would come after an invalidation', async () => {
    const { cache, tap, redis, prefix, client } = await makeTappedCache({ timeoutMs: 1_000 });
    await vi.waitFor(
      async () => expect(await cache.get('warm')).toMatchObject({ outcome: 'miss' }),
      PATIENCE,
    );
    tap.weather.fail(isWrite, 'NOSCRIPT No matching script. Please use EVAL.');
    const late = tap.weather.hold(isWrite, { at: 'reply' });
    expect(await cache.set('key', 'old', { ttlMs: 60_000 })).toBe(false);
    const mark = tap.record.mark();
    const invalidated = cache.invalidate('key');
    await tap.record.waitFor((event) => event.store === 'redis' && event.name === 'UNLINK', {
      timeoutMs: 20_000,
      from: mark,
    });
    late.release();
    await invalidated;
    await client.ping();
    expect(tap.record.since(mark).filter((event) => event.store === 'redis' && isWriteAnew(event))).toEqual(
      [],
    );
    expect(await redis.exists(`${prefix}:key`)).toBe(0);
  });
});
