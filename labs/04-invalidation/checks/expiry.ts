import { fail, type FailureDetails } from '@workshop/lab-kit';
import { everyChange } from './changes.ts';
import { byId, readAll, readers, search, type AnyRead } from './reads.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { thrice } from './thrice.ts';

/** Articles that are read and written. */
const many = 30;
/** What may stay for good, such as one generation for all lists. */
const mostForGood = 5;
/** 60 s and 10 s, ±10 %, with a second to spare on either side. */
const shortest = { foundMs: 53_000, noneMs: 8_000 };
const longest = { foundMs: 67_000, noneMs: 12_000 };

export const expiry: LabCheck = {
  id: 'expiry',
  title: 'Everything still expires',
  expected: `answers live as in lab 03 (60 s, "none" 10 s, ±10 %); beside them at most ${mostForGood} keys without expiry, however many articles`,
  hint: 'What you keep for each article beside its answers needs an expiry, too, and one that its answers do not outlive.',
  hints: [
    'How many keys has Redis when each of 200,000 articles has been read once, and an hour has passed?',
    'A generation that is gone makes misses, no more. So it can have an expiry: longer than the life of any answer.',
    { file: 'generations.ts', from: 'const generationSeconds', to: '86_400' },
  ],
  async run(context) {
    const { store, redis, articles, observe } = context;
    const ids = articles.slice(0, many).map(({ OBJECTID }) => OBJECTID);
    await observe(
      async () =>
        await readAll(
          store,
          ids.flatMap((id) => [byId(id), readers(id)]),
        ),
    );
    await observe(async () => {
      for (const id of ids) await store.countRead(id);
      for (const id of ids) await store.revise(id, { Title: `Title ${id}` });
    });
    await observe(
      async () =>
        await readAll(
          store,
          ids.flatMap((id) => [byId(id), readers(id)]),
        ),
    );
    const forGood = [];
    for (const key of await redis.keys('*')) if ((await redis.pttl(key)) < 0) forGood.push(key);
    if (forGood.length > mostForGood) {
      fail(
        `${many} articles read and written: ${forGood.length} keys have no expiry, such as ${forGood[0]}; expected ${mostForGood} at most`,
        {
          mistake: 'no-expiry',
          leadsTo: 'Redis fills up with the bookkeeping of articles that nobody reads any more.',
        },
      );
    }
    let round = 0;
    const odd = await thrice(async () => await lives(context, ++round));
    if (odd) fail(odd.text, odd);
    return `${many} articles read and written: ${forGood.length} keys without expiry, and answers live as long as in lab 03`;
  },
};

interface Odd extends FailureDetails {
  text: string;
}

/** @returns what lives too short or too long */
async function lives(
  { store, articles, observe, passTime, coldCache }: Context,
  round: number,
): Promise<Odd | undefined> {
  await coldCache();
  await observe(async () => {
    for (const change of everyChange(articles, round)) await change.write(store);
  });
  const found = [byId(7), readers(7), search('the', 5)];
  const none = [byId(999_999), readers(999_999), search('nothing contains this', 9)];
  await observe(async () => await readAll(store, [...found, ...none]));
  let nowMs = 0;
  const look = async (reads: readonly AnyRead[], atMs: number, isThere: boolean) => {
    await passTime(atMs - nowMs);
    nowMs = atMs;
    for (const read of reads) {
      const seen = await observe(async () => await read.of(store));
      if ((seen.selects.length === 0) === isThere) continue;
      const text = `${read.call}, ${atMs / 1_000} s after it was stored, is ${isThere ? 'gone already' : 'still there'}`;
      return { text, ...(isThere ? tooShort : tooLong) };
    }
    return undefined;
  };
  return (
    (await look(none, shortest.noneMs, true)) ??
    (await look(none, longest.noneMs, false)) ??
    (await look(found, shortest.foundMs, true)) ??
    (await look(found, longest.foundMs, false))
  );
}

const tooShort = {
  mistake: 'expiry-too-short',
  leadsTo: 'What an entry depends on lives shorter than the entry: it is loaded more often than it need be.',
};
const tooLong = {
  mistake: 'expiry-too-long',
  leadsTo:
    'The life of an entry is the last defence against what no invalidation reaches, such as a change by hand in MySQL.',
};
