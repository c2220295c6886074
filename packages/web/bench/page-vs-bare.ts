import { contest } from './support/contest.ts';
import { withServers, type Context } from './support/place.ts';

/** The page of a hit, with its 500 rows, over `node:http` that gets the same HTML by `redis.getBuffer(key)`. */
export default {
  id: 'page-vs-bare',
  title: "The page's hits per second, over a bare server that gets the same HTML from Redis",
  target: { atLeast: 0.5 },
  measure: async (context: Context): Promise<number> =>
    await withServers(context, 0, async ({ demoUrl, bareUrl, copy }) => {
      const path = '/query_cache';
      const { key, bytes } = await copy(path);
      context.log(`${(bytes / 1_000).toFixed(0)} kB, 16 callers`);
      const ours = demoUrl + path;
      const theirs = `${bareUrl}/${key}`;
      return await contest({ ours, theirs, callers: 16, rounds: 15, ms: 1_000, log: context.log });
    }),
};
