import { createCache } from '@workshop/cache';
import { z } from 'zod';

const Article = z.object({ id: z.number(), title: z.string() });

export async function example({ redis, prefix }: { redis: string; prefix: string }) {
  const problems: string[] = [];
  const onError = (error: Error) => problems.push(error.name);
  const cache = createCache({ redis, prefix, onError });

  // What last week's release stored, when an article had a headline.
  await cache.set('article:1', { id: 1, headline: 'The Po delta' }, { ttlMs: 60_000 });

  const read = () =>
    cache.getOrLoadWithOutcome('article:1', () => ({ id: 1, title: 'The Po delta' }), {
      ttlMs: 60_000,
      schema: Article,
    });
  const first = await read();
  const second = await read();

  const { errors } = cache.stats();
  await cache.close();
  return { first: first.reason, second: second.reason, invalid: errors.invalid, problems };
}
