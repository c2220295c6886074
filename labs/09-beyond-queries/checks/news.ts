import { fail, sameValue } from '@workshop/lab-kit';
import type { Redis } from 'ioredis';
import { describe } from '../../describe.ts';
import type { LabCheck } from './lab-check.ts';

const least = 300;
const most = 500;
const texts = ['first', 'first', 'a\nb', '{"x":1}', 'naïve, déjà vu, 日本, 🦠', '0'];
/** As many rounds of as many pieces; the last five rounds are the newest 300. */
const rounds = 9;
const inRound = 60;

export const news: LabCheck = {
  id: 'news',
  title: 'Who was away finds what they missed',
  expected: `everything after an id, in order, once; the newest ${least} are kept, never more than ${most}`,
  hint: 'news.ts: what does XRANGE take as its start, and is that entry itself part of the answer? And how many does XADD leave in the stream (MAXLEN with ~ is a guess)?',
  hints: [
    'A reader has the news up to one id. Which entries does XRANGE return when it starts at that id?',
    'XRANGE key (id + : the bracket leaves the id itself out. XADD with MAXLEN ~ 300 keeps the newest, and drops the rest when that is cheap.',
    { file: 'news.ts', from: 'async function newsSince', to: "'MAXLEN'" },
  ],
  async run({ store, redis }) {
    const none = await store.newsSince();
    if (!sameValue(none, [])) fail(`newsSince() with no news returned ${describe(none)}, expected []`);
    const ids: string[] = [];
    for (const text of texts) ids.push(await store.publishNews(text));
    if (new Set(ids).size < ids.length)
      fail(`${ids.length} pieces of news have ${new Set(ids).size} different ids`);
    const all = texts.map((text, at) => ({ id: ids[at] ?? '', text }));
    for (const [call, rows, wanted] of [
      ['newsSince()', await store.newsSince(), all],
      ['newsSince(the third id)', await store.newsSince(ids[2]), all.slice(3)],
      ['newsSince(the last id)', await store.newsSince(ids.at(-1)), []],
    ] as const) {
      if (
        sameValue(
          rows.map(({ id, text }) => ({ id, text })),
          wanted,
        )
      )
        continue;
      const again = rows.length > wanted.length;
      fail(
        `${call} returned ${rows.length} pieces, expected ${wanted.length}, oldest first: ${describe(rows)}`,
        {
          mistake: again ? 'seen-again' : 'news-missed',
          leadsTo: again
            ? 'Readers see the same news with each look.'
            : 'Who closes the laptop for a minute never hears of what happened in it.',
        },
      );
    }

    for (let round = 0; round < rounds; round++) {
      const batch = Array.from({ length: inRound }, (_, n) => `news ${round}.${n}`);
      await Promise.all(batch.map(async (text) => await store.publishNews(text)));
    }
    const kept = (await store.newsSince(ids[0])).map(({ text }) => text);
    const newest = Array.from(
      { length: least },
      (_, n) => `news ${rounds - 1 - Math.floor(n / inRound)}.${n % inRound}`,
    );
    const missing = newest.filter((text) => !kept.includes(text));
    const published = texts.length + rounds * inRound;
    if (missing.length > 0) {
      fail(
        `of ${published} pieces ${kept.length} are kept; ${missing.length} of the newest ${least} are missing`,
        {
          mistake: 'news-missed',
          leadsTo: 'Who was away for a moment has missed something, and never hears of it.',
        },
      );
    }
    const inRedis = await elements(redis);
    if (kept.length > most || inRedis > most) {
      fail(
        `after ${published} pieces newsSince() returns ${kept.length}, and Redis holds ${inRedis}: expected ${most} at most`,
        {
          mistake: 'grows-for-good',
          leadsTo: 'Memory fills with news of last year, until Redis refuses every write.',
        },
      );
    }
    return `${texts.length} pieces read from 3 places; ${kept.length} of ${published} kept`;
  },
};

/** Of the longest list, set, hash or stream; or keys, if these are more. */
async function elements(redis: Redis): Promise<number> {
  const keys = await redis.keys('*');
  const lengths = keys.map(async (key) => {
    switch (await redis.type(key)) {
      case 'stream':
        return await redis.xlen(key);
      case 'list':
        return await redis.llen(key);
      case 'zset':
        return await redis.zcard(key);
      case 'hash':
        return await redis.hlen(key);
      case 'set':
        return await redis.scard(key);
      default:
        return 1;
    }
  });
  return Math.max(keys.length, ...(await Promise.all(lengths)));
}
