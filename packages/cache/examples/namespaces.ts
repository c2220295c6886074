import { createCache } from '@workshop/cache';

interface Article {
  readonly id: number;
  readonly title: string;
}

export async function example({ redis, prefix }: { redis: string; prefix: string }) {
  const cache = createCache({ redis, prefix });
  const articles = cache.namespace<Article | null, number>('article', {
    ttlMs: 60_000,
    absentTtlMs: 5_000,
    tags: (id) => [`article:${id}`],
  });
  const searches = cache.namespace<Article[], { term: string; limit: number }>('search', {
    key: ({ term, limit }) => [term, limit],
    ttlMs: 10_000,
    tags: ['articles'],
  });

  const delta = { id: 1, title: 'The Po delta' };
  const article = await articles.getOrLoad(1, () => delta); // Article | null
  const found = await searches.getOrLoad({ term: 'po', limit: 10 }, () => [delta]); // Article[]
  await articles.invalidate(1);

  await cache.close();
  return { article, found, keys: [articles.keyOf(1), searches.keyOf({ term: 'po', limit: 10 })] };
}
