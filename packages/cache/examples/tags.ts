import { cacheKey, createCache } from '@workshop/cache';

export async function example({ redis, prefix }: { redis: string; prefix: string }) {
  const cache = createCache({ redis, prefix });

  const search = (term: string) =>
    cache.getOrLoadWithOutcome(cacheKey(['search', term]), () => ['The Po delta'], {
      ttlMs: 60_000,
      tags: ['articles'],
    });
  const article = (id: number) =>
    cache.getOrLoadWithOutcome(cacheKey(['article', id]), () => 'The Po delta', {
      ttlMs: 60_000,
      tags: ['articles', `article:${id}`],
    });
  const read = async () => {
    const answers = await Promise.all([search('delta'), article(1), article(2)]);
    return answers.map(({ outcome }) => outcome).join(', ');
  };

  const cold = await read();
  const warm = await read();
  await cache.invalidateTags(['article:1']);
  const oneChanged = await read();
  await cache.invalidateTags(['articles']); // a new article: it may belong in any search
  const allChanged = await read();

  await cache.close();
  return { cold, warm, oneChanged, allChanged };
}
