import { contest } from './support/contest.ts';
import { withServers, type Context } from './support/place.ts';

/** The same with the near cache, over `node:http` that ends with a buffer it has. */
export default {
  id: 'api-near-vs-memory',
  title: "The API's near-cache hits per second, over a bare server with the same bytes in memory",
  target: { atLeast: 0.8 },
  measure: async (context: Context): Promise<number> =>
    await withServers(context, 1_000, async ({ demoUrl, bareUrl, expressUrl, copy }) => {
      const path = '/api/articles?source=cache';
      const { key, bytes } = await copy(path);
      context.log(`${(bytes / 1_000).toFixed(0)} kB, 16 callers`);
      const ours = demoUrl + path;
      const theirs = `${bareUrl}/${key}?memory`;
      const asked = { theirs, callers: 16, ms: 1_000, log: context.log };
      const most = await contest({ ...asked, ours: `${expressUrl}/${key}`, rounds: 5 });
      context.log(`Express with this one route and nothing else: ${most.toFixed(2)}`);
      return await contest({ ...asked, ours, rounds: 15 });
    }),
};
