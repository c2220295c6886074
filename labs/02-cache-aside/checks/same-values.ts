import { CallFailed, fail, orFailure } from '@workshop/lab-kit';
import { describe, unlike } from '../../describe.ts';
import { errorSwallowed, refuseQueries } from '../../refused-queries.ts';
import { cacheTraffic, whyNoHit } from '../../shared/cache-traffic.ts';
import { articleReads } from '../../shared/reads.ts';
import { warmUp } from '../../shared/warm-up.ts';
import type { LabCheck } from './lab-check.ts';

/** Texts that a careless decoder takes for something else. */
const lookalikes = {
  OBJECTID: 900_001,
  Sentence: 'Lookalikes from Malmö.',
  Title: '2026-01-05T09:30:00.250Z',
  DOI: '12345n',
  Authors: 'null',
  Journal: '{"$date":"2026-01-05T09:30:00.250Z"}',
  Source: '12345678901234567890',
  License: 'undefined',
};

export const hitEqualsMiss: LabCheck = {
  id: 'hit-equals-miss',
  title: 'A hit returns exactly what the miss returned',
  expected: 'the same values of the same types, from Redis as from MySQL',
  hint: 'Print `typeof article.LastReadAt` on a miss and on a hit. What does JSON do to a Date, and to a bigint?',
  hints: [
    'Which types does `byId` return that JSON does not have?',
    'Write each under a name that says what it was, like { "$date": "..." }, and make it again when you read. Do not guess from how a text looks: a title may look like a date.',
    { file: 'codec.ts', from: 'export function encode', to: 'BigInt' },
  ],
  async run(context) {
    const { mysql, articles, observe } = context;
    await warmUp(context.store, context);
    await mysql.query('INSERT INTO articles SET ?', [{ ...articles[0], ...lookalikes }]);
    await mysql.query('INSERT INTO article_reads VALUES (900001, 18446744073709551615, ?)', [new Date(0)]);
    const reads = [
      ...(await articleReads(context, 'virus', 4, 7)),
      ...(await articleReads(context, 'Lookalikes', 4, 12)),
      ...(await articleReads(context, 'naïve', 4, 900_001)),
    ];
    for (const { call, read, wanted } of reads) {
      const miss = await observe(read);
      const asMiss = unlike(miss.value, wanted);
      if (asMiss) fail(`${call} from MySQL ${asMiss}`, typesLost);
      const hit = await observe(read);
      const asHit = unlike(hit.value, wanted);
      if (asHit) fail(`${call} from the cache ${asHit}`, typesLost);
      if (hit.selects.length === 0) continue;
      fail(
        `${call}, read twice: the second read sent ${hit.selects.length} SELECT; ${cacheTraffic(hit)}`,
        whyNoHit(miss),
      );
    }
    return `${reads.length} reads: hit and miss deeply equal`;
  },
};

const typesLost = {
  mistake: 'types-lost',
  leadsTo:
    'Code that works all day fails on the second visit: `article.LastReadAt.getTime is not a function`.',
};

export const errorNotCached: LabCheck = {
  id: 'error-not-cached',
  title: 'An error of MySQL reaches the caller and is not stored',
  expected: 'while MySQL fails: a rejection; right after: the rows',
  hint: 'Where does the error go between the query and the caller? Only what was loaded may be stored.',
  hints: [
    'When the query fails, what does your code store, and what does it return?',
    'A `catch` belongs around the Redis calls, each by itself. Nothing catches what `load()` throws, and so nothing is stored.',
    { file: 'cache.ts', from: '// An error of the load', to: 'await load()' },
  ],
  async run(context) {
    const reads = await articleReads(context, 'delta', 6);
    const spell = refuseQueries(context.weather);
    for (const { call, read } of reads) {
      const failed = await orFailure(read());
      if (failed instanceof CallFailed) continue;
      fail(`MySQL refused the query, and ${call} returned ${describe(failed)}`, errorSwallowed);
    }
    spell.stop();
    await allGoodAgain(reads);
    return 'a rejection while MySQL failed, the rows right after';
  },
};

async function allGoodAgain(reads: Awaited<ReturnType<typeof articleReads>>): Promise<void> {
  for (const { call, read, wanted } of reads) {
    const value = await orFailure(read());
    const wrong = value instanceof CallFailed ? `fails: ${value.remote.message}` : unlike(value, wanted);
    if (!wrong) continue;
    fail(`MySQL answers again, and ${call} ${wrong}`, {
      mistake: 'error-cached',
      leadsTo: 'A second of trouble is served to everyone until the entry expires.',
    });
  }
}
