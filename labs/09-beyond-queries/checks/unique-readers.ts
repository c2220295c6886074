import { fail } from '@workshop/lab-kit';
import type { Context, LabCheck } from './lab-check.ts';

/** How far a count may be off: four times the standard error of a HyperLogLog. */
const tolerance = 0.03;
const mostBytes = 16 * 1024;
/** Long ids, as cookies are: kept one by one, 250 of them take more than an article may. */
const visitor = (n: number) => `visitor-${n}-`.padEnd(100, 'abcdefghij');

export const uniqueReaders: LabCheck = {
  id: 'unique-readers',
  title: 'Each visitor is counted once, in little memory',
  expected: 'the union of 2 articles to within 3 %, at most 16 KiB an article',
  hint: 'unique-readers.ts: a HyperLogLog answers "how many different ones" without keeping who they are.',
  hints: [
    'A visitor reads two of the articles you ask about. How often do you count them?',
    'PFADD notes a visitor; PFCOUNT takes several keys, and counts who is in any of them. It wants a key at least.',
    { file: 'unique-readers.ts', from: 'async countReader', to: 'redis.pfcount' },
  ],
  async run({ store, redis }) {
    await read(store, 1, 0, 250);
    await read(store, 2, 150, 350);
    await read(store, 1, 0, 30);
    for (const [articles, wanted] of [
      [[1], 250],
      [[2], 200],
      [[1, 2], 350],
      [[2, 3, 1, 1], 350],
      [[3], 0],
      [[], 0],
    ] as const) {
      const count = await store.uniqueReaders(articles);
      if (Math.abs(count - wanted) <= wanted * tolerance) continue;
      fail(`uniqueReaders([${articles.join(', ')}]) returned ${count}, expected ${wanted}`, {
        mistake: count > wanted ? 'counted-twice' : 'readers-missing',
        leadsTo: 'A page that ten people reload all day looks like the most popular one.',
      });
    }
    let bytes = 0;
    for (const key of await redis.keys('*')) bytes += Number(await redis.memory('USAGE', key, 'SAMPLES', 0));
    if (bytes > 2 * mostBytes) {
      fail(`2 articles with 450 readers take ${(bytes / 1024).toFixed(1)} KiB, expected at most 32`, {
        mistake: 'memory-grows',
        leadsTo: 'A million readers of one article take 130 MB, and there are many articles.',
      });
    }
    return `6 counts to within 3 %, in ${(bytes / 1024).toFixed(1)} KiB`;
  },
};

async function read(store: Context['store'], article: number, from: number, to: number): Promise<void> {
  const visitors = Array.from({ length: to - from }, (_, n) => visitor(from + n));
  await Promise.all(visitors.map(async (name) => await store.countReader(article, name)));
}
