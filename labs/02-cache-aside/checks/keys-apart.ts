import { fail, marks, sameValue } from '@workshop/lab-kit';
import { describe } from '../../describe.ts';
import { articleById, literalMatches } from '../../expected.ts';
import type { LabCheck } from './lab-check.ts';

type SearchArgs = readonly [term: string, limit: number];

export const long = 'The survey went on. '.repeat(40);

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
  [[`${long}In Cadiz`, 9], [`${long}In Genoa`, 9], 'the key is cut'],
];

export const keysApart: LabCheck = {
  id: 'keys-apart',
  title: 'Reads that differ have keys that differ',
  expected: `${pairs.length} pairs of searches: each gets its own answer, in either order`,
  hint: 'Everything that changes the answer belongs in the key, joined so that no two lists of parts give one text.',
  async run({ store, redis, mysql, observe }) {
    const leadsTo = "One visitor is shown another's rows, for as long as the entry lives.";
    for (const [a, b, why] of pairs) {
      for (const [first, second] of [
        [a, b],
        [b, a],
      ] as const) {
        await redis.flushdb();
        await observe(() => store.search(...first));
        const rows = await store.search(...second);
        const wanted = await literalMatches(mysql, ...second);
        if (sameValue(rows, wanted)) continue;
        fail(
          `after ${describeSearch(first)}, ${describeSearch(second)} returned ${rows.length} rows, expected ${wanted.length}`,
          { mistake: 'keys-collide', leadsTo, hint: `Perhaps ${why}. ${this.hint}` },
        );
      }
    }
    // All of them on one warm cache: a character that is dropped or folded makes two of these keys one.
    await redis.flushdb();
    for (const mark of ['', ...marks]) {
      const search = [`Mark ${mark} stands`, 5] as const;
      const { value: rows } = await observe(() => store.search(...search));
      const wanted = await literalMatches(mysql, ...search);
      if (sameValue(rows, wanted)) continue;
      fail(
        `${describeSearch(search)} returned ${rows.map((row) => `"${row.Sentence}"`).join(', ') || 'no rows'}, which another search had stored`,
        {
          mistake: 'keys-collide',
          leadsTo,
          hint: `Perhaps a character is dropped or replaced. ${this.hint}`,
        },
      );
    }
    await redis.flushdb();
    await observe(() => store.search('7', 7));
    const article = await store.byId(7);
    if (!sameValue(article, await articleById(mysql, 7))) {
      fail(`after search('7', 7), byId(7) returned ${describe(article)}`, {
        mistake: 'keys-collide',
        leadsTo,
      });
    }
    return `${pairs.length} pairs of searches and ${marks.length} odd characters, each with its own answer`;
  },
};

function describeSearch([term, limit]: SearchArgs): string {
  return `search('${term.length > 30 ? `...${term.slice(-27)}` : term}', ${limit})`;
}
