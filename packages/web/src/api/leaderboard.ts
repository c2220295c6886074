import { z } from 'zod';
import type { ArticleStore } from '../store/article-store.ts';
import { readFields, type Fields } from '../queries/field.ts';
import { notByThisStore } from './not-by-this-store.ts';
import type { Operation } from './operation.ts';

const FIELDS = {
  limit: { type: 'whole', label: 'At most', unit: 'articles', least: 1, most: 100, default: 10 },
} as const satisfies Fields;

const leaderboard = z.strictObject({
  day: z.string().meta({ description: 'In UTC: 2026-01-31. At its end all begins anew.' }),
  articles: z.array(z.strictObject({ OBJECTID: z.int(), Title: z.string(), reads: z.int().min(1) })),
});

/** The articles that were read most often. */
export function leaderboardOperations(store: ArticleStore): Operation[] {
  return [
    {
      method: 'get',
      path: '/api/leaderboard',
      id: 'getLeaderboard',
      summary: 'The articles read most often today',
      description:
        'Each GET /api/articles/{id} counts. The counts are a sorted set in Redis, and nowhere else: without Redis there is no leaderboard.',
      fields: FIELDS,
      answer: {
        name: 'Leaderboard',
        schema: leaderboard,
        description: 'The articles, the one read most often first.',
      },
      problems: ['bad-parameter', 'not-implemented', 'engine-away'],
      handlers: [
        async (request, response) => {
          const { limit } = readFields(FIELDS, request.query);
          const { reads = notByThisStore('a leaderboard'), records = notByThisStore('a leaderboard') } =
            store;
          const { day } = reads;
          const top = await reads.top(limit);
          const titles = await titlesOf(await records.getMany(top.map(({ id }) => id)));
          const articles = top.flatMap((each) => {
            const Title = titles.get(each.id);
            // An article that is gone since is on no board.
            return Title === undefined ? [] : [{ OBJECTID: each.id, Title, reads: each.reads }];
          });
          response.json({ day, articles } satisfies z.output<typeof leaderboard>);
        },
      ],
    },
  ];
}

async function titlesOf(records: ReadonlyMap<number, Buffer>): Promise<Map<number, string>> {
  return new Map([...records].map(([id, json]) => [id, titled.parse(JSON.parse(json.toString())).Title]));
}

const titled = z.object({ Title: z.string() });
