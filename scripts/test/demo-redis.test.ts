import { enginesUp, type Engines } from '@workshop/engines';
import { Faults } from '@workshop/web';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { startDemoRedis } from '../src/demo-redis.ts';

let engines: Engines;
beforeAll(async () => {
  engines = await enginesUp({ onProgress: (line) => console.log(line) });
});

/** As where the engines are the workshop's own, whatever this machine was given. */
const own = () => ({ redisUrl: engines.redisUrl, sources: { ...engines.sources, redis: 'native' as const } });

test('the demo has a Redis of its own, which may be broken and ends with it', async () => {
  const redis = await startDemoRedis(own());
  onTestFinished(() => redis.stop());
  expect(redis.url).toMatch(/^redis:\/\/:[^@]+@127\.0\.0\.1:\d+\/0$/);
  expect(redis.url).not.toBe(engines.redisUrl);
  expect(redis.faults).toBeInstanceOf(Faults);
  await redis.stop();
  await redis.stop();
});

test('where there is no server to have one of, it shares, and says why nothing can be broken', async () => {
  const { url, faults } = await startDemoRedis(own(), async () => undefined);
  expect(url).toBe(engines.redisUrl);
  expect(faults).toMatchObject({ why: expect.stringContaining('redis-server or valkey-server') });
});

test('a Redis that the user names is used, and never broken', async () => {
  const given = {
    redisUrl: 'redis://cache.example:6379/0',
    sources: { ...engines.sources, redis: 'given' as const },
  };
  const { url, faults, stop } = await startDemoRedis(given);
  expect(url).toBe(given.redisUrl);
  expect(faults).toMatchObject({ why: expect.stringContaining('REDIS_URL') });
  await stop();
});
