import { setImmediate } from 'node:timers/promises';
import type { Answer } from '@workshop/cache';
import { createCache } from '@workshop/cache';

export async function example({ redis, prefix }: { redis: string; prefix: string }) {
  const cache = createCache({ redis, prefix, near: { maxEntries: 1_000 } });
  const elsewhere = createCache({ redis, prefix }); // in another process

  let river = 'Po';
  const readUntil = async (isAwaited: (answer: Answer<string>) => boolean) => {
    for (;;) {
      const answer = await cache.getOrLoadWithOutcome('river', () => river, { ttlMs: 60_000 });
      if (isAwaited(answer)) return answer.value;
      await setImmediate();
    }
  };

  const near = await readUntil(({ reason }) => reason === 'near'); // out of this process's memory
  river = 'Adige';
  await elsewhere.invalidate('river');
  const changed = await readUntil(({ value }) => value !== near); // Redis has told this process

  await Promise.all([cache.close(), elsewhere.close()]);
  return { near, changed };
}
