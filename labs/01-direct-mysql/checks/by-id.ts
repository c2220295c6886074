import { CallFailed, fail, orFailure, sameValue, type Check } from '@workshop/lab-kit';
import type { ArticleStore } from '../../contract.ts';
import { describe, difference } from '../../describe.ts';
import { articleById } from '../../expected.ts';

export const byId: Check<ArticleStore> = {
  id: 'by-id',
  title: 'byId() returns one article with its readers, types intact',
  expected:
    'Readers as a bigint with every digit, LastReadAt as a Date; undefined for an id that is not there',
  hint: 'GAP 2. The pool hands BIGINTs over as strings: `BigInt(text)` loses nothing, `Number(text)` does.',
  async run({ store, mysql, articles }) {
    for (const { OBJECTID: id } of [1, 7, articles.length].map((n) => articles[n - 1]!)) {
      const wanted = await articleById(mysql, id);
      const article = await store.byId(id);
      if (!article) fail(`byId(${id}) returned ${article}; MySQL holds it`);
      if (typeof article.Readers !== 'bigint') {
        fail(`byId(${id}).Readers is ${describe(article.Readers)}, expected ${wanted?.Readers}n`, {
          mistake: 'digits-lost',
          leadsTo: 'Past 9,007,199,254,740,991 a number is rounded: counts and ids are then quietly wrong.',
        });
      }
      if (!(article.LastReadAt instanceof Date)) {
        fail(`byId(${id}).LastReadAt is ${describe(article.LastReadAt)}, expected a Date`);
      }
      if (!sameValue(article, wanted)) {
        fail(`byId(${id}): ${difference(article, wanted ?? {}) ?? 'differs from the row in MySQL'}`);
      }
    }
    const pasted = await orFailure(store.byId('999999 OR 1=1' as unknown as number));
    if (pasted !== undefined && !(pasted instanceof CallFailed)) {
      fail(`byId('999999 OR 1=1') returned the article ${pasted.OBJECTID}; there is no 999999`, {
        mistake: 'concatenated-sql',
        leadsTo: 'An id comes from the address bar, whatever its type says: this one reads any row.',
      });
    }
    const missing = await store.byId(999_999);
    if (missing !== undefined) fail(`byId(999999) returned ${describe(missing)}; there is no such article`);
    return '3 articles and a missing one, as in MySQL';
  },
};
