import { contest } from './support/contest.ts';
import { withServers, type Context } from './support/place.ts';

/** The same with the near cache, over `node:http` that ends with a buffer it has. */
export default {
  id: 'api-near-vs-memory',
  title: "The API's near-cache hits per second, over a bare server with the same bytes in memory",
  target: { atLeast: 0.8 },
  measure: async (context: Context): Promise<number> =>
    await withServers(context, 1_000, async ({ demoUrl, bareUrl, copy }) => {
      const path = '/api/articles?source=cache';
      const { key, bytes } = await copy(path);
      context.log(`${(bytes / 1_000).toFixed(0)} kB, 16 callers`);
      const ours = demoUrl + path;
      const theirs = `${bareUrl}/${key}?memory`;
      return await contest({ ours, theirs, callers: 16, rounds: 15, ms: 1_000, log: context.log });
    }),
};
