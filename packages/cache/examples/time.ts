import { createCache, systemTime } from '@workshop/cache';

export async function example({ redis, prefix }: { redis: string; prefix: string }) {
  let now = Date.now(); // a test's own clock; leave `time` out to use the machine's
  const cache = createCache({ redis, prefix, time: { ...systemTime, now: () => now } });
  const refreshed = () => new Promise((resolve) => cache.events.once('store', resolve));

  let edition = 0;
  const news = (load: () => string) =>
    cache.getOrLoadWithOutcome('news', load, {
      ttlMs: 60_000,
      staleWhileRevalidateMs: 30_000,
      staleIfErrorMs: 3_600_000,
    });
  const print = () => `edition ${(edition += 1)}`;
  const fail = () => {
    throw new Error('the press is broken');
  };

  const first = await news(print);
  now += 70_000; // 10 s past its time: the old edition at once, and a new one behind the reader's back
  const [stale] = await Promise.all([news(print), refreshed()]);
  const second = await news(print);
  now += 1_000_000; // far past its time: the reader waits for a new edition; if there is none, takes the old
  const spare = await news(fail);

  await cache.close();
  return [first, stale, second, spare].map(({ value, reason }) => `${value} (${reason})`);
}
