import { CheckFailed, fail, marks, orFailure } from '@workshop/lab-kit';
import { unlike } from '../../describe.ts';
import { articleById, literalMatches } from '../../expected.ts';
import type { Read } from '../../shared/reads.ts';
import { warmUp } from '../../shared/warm-up.ts';
import { marked, searchWithKey } from './key-pattern.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { describeSearch, entryNames, type SearchArgs } from './searches.ts';

const long = 'The survey went on. '.repeat(40);

/** Two searches that have different answers, and that a key made carelessly takes for one. */
const pairs: readonly (readonly [SearchArgs, SearchArgs, why: string])[] = [
  [['the', 3], ['the', 5], 'the limit is not in the key'],
  [['1', 11], ['11', 1], 'the term and the limit run together'],
  [['0 of 120', 10], [' of 120', 100], 'the limit and the term run together'],
  [['Two  spaces', 9], ['Two spaces', 9], 'white space is folded'],
  [['from Bergen', 9], ['from Bergen ', 9], 'the term is trimmed'],
  [['Mark', 9], [' Mark', 9], 'the term is trimmed'],
  [['100%', 9], ['100', 9], 'characters are dropped'],
  [['place_id', 9], ['placeid', 9], 'characters are dropped'],
  [['naïve', 9], ['na', 9], 'characters are dropped'],
  [['naïve'.normalize('NFC'), 9], ['naïve'.normalize('NFD'), 9], 'the term is normalised'],
  [['Mark é stands', 9], ['Mark ǩ stands', 9], 'characters are cut to a byte'],
  [['the', 101], ['the', 150], 'the limit is rounded'],
  [[`${long}In Cadiz`, 9], [`${long}In Genoa`, 9], 'the key is cut'],
];

const collide = {
  mistake: 'keys-collide',
  leadsTo: "One visitor is shown another's rows, for as long as the entry lives.",
};

export const keysApart: LabCheck = {
  id: 'keys-apart',
  title: 'Reads that differ have keys that differ',
  expected: `${pairs.length} pairs of searches: each gets its own answer, in either order and at once`,
  hint: 'Everything that changes the answer belongs in the key, joined so that no two lists of parts give one text.',
  hints: [
    'Write down the keys of search("1", 11) and search("11", 1). Are they two?',
    'Put the limit and the term, unchanged, into the key, with something between them; and what is read (a search, an article) before them.',
    { file: 'article-store.ts', from: '// Everything that changes the answer', to: 'cache.getOrLoad' },
  ],
  async run(context) {
    await warmUp(context.store, context);
    for (const [a, b, why] of pairs) {
      const hint = `Perhaps ${why}. ${this.hint}`;
      const [aCold, bWarm] = await oneAfterTheOther(context, a, b);
      const [bCold, aWarm] = await oneAfterTheOther(context, b, a);
      for (const [first, second, warm, cold] of [
        [a, b, bWarm, bCold],
        [b, a, aWarm, aCold],
      ] as const) {
        const wrong = unlike(warm, cold);
        if (wrong)
          fail(`after ${describeSearch(first)}, ${describeSearch(second)} ${wrong}`, { ...collide, hint });
      }
    }
    await apartFromArticles(context);
    await apartWhileOneLoads(context);
    await apartAtOnce(context);
    return `${pairs.length} pairs of searches and ${marks.length} odd characters, each with its own answer`;
  },
};

async function oneAfterTheOther({ store, observe, coldCache }: Context, a: SearchArgs, b: SearchArgs) {
  await coldCache();
  const { value: cold } = await observe(() => store.search(...a));
  return [cold, await store.search(...b)] as const;
}

/** All at once, twice: a character that is dropped or folded makes two of these keys one. */
async function apartAtOnce({ store, mysql, observe, coldCache }: Context): Promise<void> {
  const searches = ['', ...marks].map((mark): SearchArgs => [`Mark ${mark} stands`, 5]);
  await coldCache();
  const all = async () => await Promise.all(searches.map(async (search) => await store.search(...search)));
  await observe(all);
  for (const [index, rows] of (await all()).entries()) {
    const search = searches[index]!;
    const wrong = unlike(rows, await literalMatches(mysql, ...search));
    if (!wrong) continue;
    fail(`${searches.length} searches at once, twice: ${describeSearch(search)} ${wrong}`, {
      ...collide,
      hint: `Perhaps a character is dropped or replaced. ${keysApart.hint}`,
    });
  }
}

/** A key kept in a variable that all calls share is that of another read by the time the rows arrive. */
async function apartWhileOneLoads({ store, mysql, weather, observe, coldCache }: Context): Promise<void> {
  const slow: SearchArgs = ['the', 5];
  const quick: SearchArgs = ['the', 3];
  await coldCache();
  await observe(() => store.search(...quick));
  const hold = weather.mysql.hold((event) => /articles/i.test(event.sql ?? ''));
  const loading = orFailure(store.search(...slow));
  await Promise.race([hold.arrived, loading]);
  await store.search(...quick);
  hold.release();
  await observe(() => loading);
  const wrong = unlike(await store.search(...quick), await literalMatches(mysql, ...quick));
  if (!wrong) return;
  fail(
    `${describeSearch(quick)} was asked while ${describeSearch(slow)} waited for MySQL; after that it ${wrong}`,
    {
      ...collide,
      hint: 'Perhaps all calls share one variable. Between `await` and the next line other calls run.',
    },
  );
}

/** Searches that could have the key of an article: for the number 7, and what the keys themselves suggest. */
async function apartFromArticles(context: Context): Promise<void> {
  const { store, mysql, redis, observe, coldCache } = context;
  const namesAfter = async (read: () => Promise<unknown>) => {
    await coldCache();
    await observe(read);
    return await entryNames(redis);
  };
  const ofArticle = await namesAfter(() => store.byId(7));
  const ofSearch = await namesAfter(() => store.search(...marked));
  const suggested = ofArticle.flatMap((wanted) => ofSearch.map((name) => searchWithKey(wanted, name)));
  for (const search of [['7', 7] as const, ...suggested]) {
    if (!search) continue;
    const article = await articleById(mysql, 7);
    const rows = await literalMatches(mysql, ...search);
    const reads: Read[] = [
      { call: 'byId(7)', read: () => store.byId(7), wanted: article },
      { call: describeSearch(search), read: () => store.search(...search), wanted: rows },
    ];
    for (const [first, second] of [reads, reads.toReversed()]) {
      await coldCache();
      await observe(first!.read);
      const wrong = unlike(await sameShape(first!, second!), second!.wanted);
      if (wrong) fail(`after ${first!.call}, ${second!.call} ${wrong}`, collide);
    }
  }
}

/** An article where rows are wanted has been noticed already; here it is known why. */
async function sameShape(first: Read, second: Read): Promise<unknown> {
  try {
    return await second.read();
  } catch (error) {
    if (error instanceof CheckFailed) fail(`after ${first.call}, ${error.message}`, collide);
    throw error;
  }
}
