import { CallFailed, fail, Observation, orFailure, sameValue } from '@workshop/lab-kit';
import { describe, difference } from '../../describe.ts';
import { articleById, literalMatches, oddTerms } from '../../expected.ts';
import { errorSwallowed, refuseQueries } from '../../refused-queries.ts';
import { notShared, cacheTraffic, whyNoHit } from './cache-traffic.ts';
import type { LabCheck } from './lab-check.ts';

export const answers: LabCheck = {
  id: 'answers',
  title: 'A read from a cold cache returns what MySQL holds',
  expected: 'search() and byId() answer as in lab 01',
  hint: 'Caching must not change an answer. Compare with your lab 01: what does a miss return now?',
  async run({ store, mysql, coldCache }) {
    for (const term of ['delta', ...oddTerms]) {
      await coldCache();
      const wanted = await literalMatches(mysql, term, 20);
      const rows = await store.search(term, 20);
      if (!sameValue(rows, wanted)) {
        fail(
          `search(${JSON.stringify(term)}, 20) returned ${rows?.length} rows; MySQL holds ${wanted.length}, or others`,
        );
      }
    }
    for (const id of [1, 7]) {
      const wanted = await articleById(mysql, id);
      const article = await store.byId(id);
      if (!sameValue(article, wanted)) {
        fail(`byId(${id}): ${article ? difference(article, wanted ?? {}) : 'returned nothing'}`);
      }
    }
    return `${oddTerms.length + 1} searches and 2 articles, as in MySQL`;
  },
};

export const secondRead: LabCheck = {
  id: 'second-read',
  title: 'A read that is in the cache does not reach MySQL',
  expected: '5 equal reads: 1 SELECT',
  hint: 'Look in Redis before you ask MySQL, and return there and then when it is found. Is it ever stored?',
  async run({ store, observe }) {
    for (const [call, read] of [
      ["search('delta', 10)", () => store.search('delta', 10)],
      ['byId(7)', () => store.byId(7)],
    ] as const) {
      const first = await observe<unknown>(read);
      if (first.selects.length === 0) {
        fail(`${call} with nothing in Redis sent no SELECT: the answer was kept in the process`, notShared);
      }
      const more = await observe(async () => {
        for (let n = 0; n < 4; n++) await read();
      });
      // A load may take more than one query, so what the first read sent is the measure.
      const once = first.selects.length;
      const all = first.selects.length + more.selects.length;
      const both = new Observation([...first.events, ...more.events]);
      if (all !== once) {
        fail(`5 times ${call}: expected ${once} SELECT, saw ${all}; ${cacheTraffic(both)}`, whyNoHit(both));
      }
      const asked = more.statements.filter((event) => !isHousekeeping(event.sql ?? ''));
      if (asked.length > 0) {
        fail(
          `4 hits of ${call} still sent MySQL ${asked.length} statements: ${asked[0]?.sql?.replace(/\s+/g, ' ')}`,
          {
            mistake: 'hit-still-queries',
            leadsTo:
              'The database carries every read, as if there were no cache; and Redis is paid for on top.',
          },
        );
      }
      if (both.redisConnects > 3) {
        fail(`5 times ${call}: ${both.redisConnects} connections to Redis`, {
          mistake: 'connection-per-read',
          leadsTo: 'Connecting takes longer than the read that it is for, and Redis refuses the 10,001st.',
        });
      }
    }
    return '5 equal reads: 1 SELECT, for search() and for byId()';
  },
};

/** What a pool may send to set up or to test a connection. */
function isHousekeeping(sql: string): boolean {
  return /^\s*(?:set|use|select\s+(?:1|@@)|begin|start transaction|commit|rollback)\b/i.test(sql);
}

export const hitEqualsMiss: LabCheck = {
  id: 'hit-equals-miss',
  title: 'A hit returns exactly what the miss returned',
  expected: 'the same values of the same types, from Redis as from MySQL',
  hint: 'Print `typeof article.LastReadAt` on a miss and on a hit. What does JSON do to a Date, and to a bigint?',
  async run({ store, observe }) {
    for (const id of [7, 12, 17]) {
      const miss = await observe(() => store.byId(id));
      const hit = await observe(() => store.byId(id));
      if (!sameValue(hit.value, miss.value)) {
        const where = hit.value && miss.value ? difference(hit.value, miss.value) : undefined;
        fail(
          `byId(${id}) from the cache: ${where ?? `${describe(hit.value)}, was ${describe(miss.value)}`}`,
          {
            mistake: 'types-lost',
            leadsTo:
              'Code that works all day fails on the second visit: `article.LastReadAt.getTime is not a function`.',
          },
        );
      }
      if (hit.selects.length > 0) {
        fail(
          `byId(${id}), read twice: the second read sent ${hit.selects.length} SELECT; ${cacheTraffic(hit)}`,
          whyNoHit(miss),
        );
      }
    }
    const miss = await store.search('virus', 4);
    const hit = await store.search('virus', 4);
    if (!sameValue(hit, miss)) fail(`search('virus', 4) returned other rows from the cache than from MySQL`);
    return '3 articles and a search: hit and miss deeply equal';
  },
};

export const emptyCached: LabCheck = {
  id: 'empty-cached',
  title: '"There is none" is cached too',
  expected: '3 reads that find nothing: 1 SELECT',
  hint: 'How does your code tell "not in Redis" from "in Redis, and empty"? The first is null from GET.',
  async run({ store, observe }) {
    for (const [call, read, empty] of [
      ["search('nothing contains this', 10)", () => store.search('nothing contains this', 10), []],
      ['byId(999999)', () => store.byId(999_999), undefined],
    ] as const) {
      const seen = await observe(async () => {
        const values = [];
        for (let n = 0; n < 3; n++) values.push(await read());
        return values;
      });
      const odd = seen.value.findIndex((value) => !sameValue(value, empty));
      if (odd >= 0)
        fail(`read ${odd + 1} of ${call} returned ${describe(seen.value[odd])}, expected ${describe(empty)}`);
      if (seen.selects.length !== 1) {
        fail(`3 times ${call}: expected 1 SELECT, saw ${seen.selects.length}`, {
          mistake: 'empty-not-cached',
          leadsTo:
            'Requests for what does not exist all reach MySQL: a crawler with dead links is enough to load it.',
        });
      }
    }
    return '3 empty reads: 1 SELECT, for search() and for byId()';
  },
};

export const errorNotCached: LabCheck = {
  id: 'error-not-cached',
  title: 'An error of MySQL reaches the caller and is not stored',
  expected: 'while MySQL fails: a rejection; right after: the rows',
  hint: 'Where does the error go between the query and the caller? Only what was loaded may be stored.',
  async run({ store, mysql, weather }) {
    const reads = [
      ["search('delta', 6)", () => store.search('delta', 6), await literalMatches(mysql, 'delta', 6)],
      ['byId(7)', () => store.byId(7), await articleById(mysql, 7)],
    ] as const;
    const spell = refuseQueries(weather);
    for (const [call, read] of reads) {
      const failed = await orFailure<unknown>(read());
      if (failed instanceof CallFailed) continue;
      fail(`MySQL refused the query, and ${call} returned ${describe(failed)}`, errorSwallowed);
    }
    spell.stop();
    for (const [call, read, wanted] of reads) {
      const value = await orFailure<unknown>(read());
      if (sameValue(value, wanted)) continue;
      fail(
        `MySQL answers again, and ${call} ${value instanceof CallFailed ? `fails: ${value.remote.message}` : `returned ${describe(value)}`}`,
        {
          mistake: 'error-cached',
          leadsTo: 'A second of trouble is served to everyone until the entry expires.',
        },
      );
    }
    return 'a rejection while MySQL failed, the rows right after';
  },
};
