import { CallFailed, fail, orFailure } from '@workshop/lab-kit';
import { describe, unlike } from '../../describe.ts';
import { articleById } from '../../expected.ts';
import type { LabCheck } from './lab-check.ts';

/** No article has the number that they begin with. */
const pastedIds = ['999999 OR 1=1', "999999' OR '1'='1", '999999" OR "1"="1'];

export const byId: LabCheck = {
  id: 'by-id',
  title: 'byId() returns one article with its readers, types intact',
  expected:
    'Readers as a bigint with every digit, LastReadAt as a Date; undefined for an id that is not there',
  hint: 'GAP 2. The pool hands BIGINTs over as strings: `BigInt(text)` loses nothing, `Number(text)` does.',
  hints: [
    'Which type has `Readers` in the row that MySQL sent, and which type is it to have?',
    'JOIN the two tables by OBJECTID. The BIGINT comes as text: `BigInt(...)` it, and return undefined when there is no row.',
    { file: 'article-store.ts', from: 'async byId', to: '},' },
  ],
  async run({ store, mysql, articles }) {
    for (const { OBJECTID: id } of [1, 7, articles.length].map((n) => articles[n - 1]!)) {
      const wanted = await articleById(mysql, id);
      const article = await store.byId(id);
      if (!article) fail(`byId(${id}) returned ${article}; MySQL holds it`);
      if (article.Readers !== wanted?.Readers) {
        fail(`byId(${id}).Readers is ${describe(article.Readers)}, expected ${wanted?.Readers}n`, {
          mistake: 'digits-lost',
          leadsTo: 'Past 9,007,199,254,740,991 a number is rounded: counts and ids are then quietly wrong.',
        });
      }
      if (typeof article.LastReadAt === 'string') {
        fail(`byId(${id}).LastReadAt is ${describe(article.LastReadAt)}, expected a Date`, {
          mistake: 'date-as-text',
          leadsTo:
            'Text is compared letter by letter and printed as it stands: sorting and time zones go wrong.',
          hint: 'GAP 2. Left to itself the pool makes a Date of a DATETIME. What made text of it?',
        });
      }
      const wrong = unlike(article, wanted);
      if (wrong)
        fail(`byId(${id}) ${wrong}`, {
          hint: 'GAP 2. All columns of `articles`, and `Readers` and `LastReadAt` of `article_reads`.',
        });
    }
    for (const pasted of pastedIds) {
      const found = await orFailure(store.byId(pasted as unknown as number));
      if (found === undefined || found instanceof CallFailed) continue;
      fail(`byId(${JSON.stringify(pasted)}) returned the article ${found.OBJECTID}; there is no 999999`, {
        mistake: 'concatenated-sql',
        leadsTo: 'An id comes from the address bar, whatever its type says: this one reads any row.',
        hint: 'GAP 2. A type is gone when the program runs. A placeholder keeps a value from becoming SQL.',
      });
    }
    const missing = await store.byId(999_999);
    if (missing !== undefined) fail(`byId(999999) returned ${describe(missing)}; there is no such article`);
    return '3 articles and a missing one, as in MySQL';
  },
};
