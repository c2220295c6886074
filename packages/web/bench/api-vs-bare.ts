import { contest } from './support/contest.ts';
import { withServers, type Context } from './support/place.ts';

/** Hits of 500 articles through the whole application, over `node:http` that does `redis.getBuffer(key)` and `response.end`. */
export default {
  id: 'api-vs-bare',
  title: "The API's hits per second, over a bare server that gets the same bytes from Redis",
  target: { atLeast: 0.7 },
  measure: async (context: Context): Promise<number> =>
    await withServers(context, 0, async ({ demoUrl, bareUrl, copy }) => {
      const path = '/api/articles?source=cache';
      const { key, bytes } = await copy(path);
      context.log(`${(bytes / 1_000).toFixed(0)} kB, 16 callers`);
      const ours = demoUrl + path;
      const theirs = `${bareUrl}/${key}`;
      return await contest({ ours, theirs, callers: 16, rounds: 15, ms: 1_000, log: context.log });
    }),
};
