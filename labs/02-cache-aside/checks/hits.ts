import { fail, Observation } from '@workshop/lab-kit';
import { unlike } from '../../describe.ts';
import { cacheTraffic, notShared, whyNoHit } from '../../shared/cache-traffic.ts';
import { livesSet } from '../../shared/lives.ts';
import { articleReads, emptyReads } from '../../shared/reads.ts';
import { warmUp } from '../../shared/warm-up.ts';
import type { LabCheck } from './lab-check.ts';
import { shortestMs, tooShort } from './life.ts';

const hitStillQueries = {
  mistake: 'hit-still-queries',
  leadsTo: 'The database carries every read, as if there were no cache; and Redis is paid for on top.',
};

export const secondRead: LabCheck = {
  id: 'second-read',
  title: 'A read that is in the cache does not reach MySQL',
  expected: '5 equal reads: 1 SELECT, and none in the 2 s after; one more when the entry is gone from Redis',
  hint: 'Look in Redis before you ask MySQL, and return there and then when it is found. Is it ever stored?',
  hints: [
    'Between the call and the query, who looks in Redis? And after the query, who puts the answer there?',
    'A function `getOrLoad(key, load)`: GET; found, then return it. If not: load, SET with an expiry, return.',
    { file: 'cache.ts', from: 'async getOrLoad', to: '},' },
  ],
  async run(context) {
    const { observe, coldCache, passTime } = context;
    await warmUp(context.store, context);
    for (const { call, read } of await articleReads(context, 'delta', 10)) {
      const first = await observe(read);
      const more = await observe(async () => {
        for (let n = 0; n < 4; n++) await read();
      });
      // A load may take more than one query, so what the first read sent is the measure.
      const once = first.selects.length;
      const all = once + more.selects.length;
      const both = new Observation([...first.events, ...more.events]);
      // Such an entry may be gone by the next read or not; the verdict must not depend on it.
      const life = Math.min(...livesSet(both));
      if (life < shortestMs) fail(`the answer of ${call} was stored for ${life} ms`, tooShort);
      if (once === 0)
        fail(`${call} with nothing in Redis sent no SELECT: the answer was in the process`, notShared);
      if (all !== once)
        fail(`5 times ${call}: expected ${once} SELECT, saw ${all}; ${cacheTraffic(both)}`, whyNoHit(both));
      const asked = more.statements.filter((event) => !isHousekeeping(event.sql ?? ''));
      if (asked.length > 0) {
        const sql = asked[0]?.sql?.replace(/\s+/g, ' ');
        fail(`4 hits of ${call} still sent MySQL ${asked.length} statements: ${sql}`, hitStillQueries);
      }
      // A query that is only put off loads the database all the same.
      const later = await observe(() => passTime(2_000));
      if (later.selects.length > 0) {
        const after = `${later.selects.length} of them in the 2 s after the last read`;
        fail(
          `5 times ${call}: expected ${once} SELECT, saw ${all + later.selects.length}, ${after}`,
          hitStillQueries,
        );
      }
      if (both.redisConnects > 3) {
        fail(`5 times ${call}: ${both.redisConnects} connections to Redis`, {
          mistake: 'connection-per-read',
          leadsTo: 'Connecting takes longer than the read that it is for, and Redis refuses the 10,001st.',
        });
      }
      await coldCache();
      const gone = await observe(read);
      if (gone.selects.length === 0) {
        fail(`${call} sent no SELECT after its entry was gone from Redis: it was in the process`, notShared);
      }
    }
    return '5 equal reads: 1 SELECT, for search() and for byId()';
  },
};

/** What a pool may send to set up or to test a connection. */
function isHousekeeping(sql: string): boolean {
  return /^\s*(?:set|use|select\s+(?:1|@@)|begin|start transaction|commit|rollback)\b/i.test(sql);
}

export const shared: LabCheck = {
  id: 'shared',
  title: 'What one process has stored, another finds',
  expected: 'another process reads what was read before: 0 SELECTs',
  hint: 'A Map lives and dies with its process. What in your key differs from one process to the next? (At its start, Redis may refuse.)',
  hints: [
    'Your site runs on ten servers. Which of them knows what the first one has read?',
    'Values live in Redis only, under a key made of nothing but what was asked: no process id, no time, no random part.',
    { file: 'article-store.ts', from: '// Everything that changes the answer', to: 'cache.getOrLoad' },
  ],
  async run(context) {
    const { store, mysql, observe, another } = context;
    await warmUp(store, context);
    for (const { read } of await articleReads({ store, mysql }, 'virus', 6)) await observe(read);
    const other = await another();
    await warmUp(other.store, context);
    const reads = await articleReads({ store: other.store, mysql }, 'virus', 6);
    const seen = await observe(async () => {
      for (const { call, read, wanted } of reads) {
        const wrong = unlike(await read(), wanted);
        if (wrong) fail(`in another process, ${call} ${wrong}`);
      }
    });
    const { selects } = seen;
    if (selects.length > 0)
      fail(
        `2 reads in another process: expected 0 SELECTs, saw ${selects.length}; ${cacheTraffic(seen)}`,
        notShared,
      );
    return '2 reads in another process: 0 SELECTs';
  },
};

export const emptyCached: LabCheck = {
  id: 'empty-cached',
  title: '"There is none" is cached too',
  expected: '3 reads that find nothing: 1 SELECT',
  hint: 'How does your code tell "not in Redis" from "in Redis, and empty"? The first is null from GET.',
  hints: [
    'What does your code take for "not in the cache": the null of GET, or any value that looks empty?',
    'Compare what GET returned with `null`, before it is decoded. "No such article" needs a value of its own in Redis: JSON has null.',
    { file: 'cache.ts', from: 'const found', to: 'decode(found)' },
  ],
  async run(context) {
    await warmUp(context.store, context);
    for (const { call, read, wanted } of emptyReads(context)) {
      const seen = await context.observe(async () => {
        for (let n = 1; n <= 3; n++) {
          const wrong = unlike(await read(), wanted);
          if (wrong) fail(`read ${n} of ${call} ${wrong}`);
        }
      });
      if (seen.selects.length === 1) continue;
      fail(`3 times ${call}: expected 1 SELECT, saw ${seen.selects.length}; ${cacheTraffic(seen)}`, {
        mistake: 'empty-not-cached',
        leadsTo:
          'Requests for what does not exist all reach MySQL: a crawler with dead links is enough to load it.',
      });
    }
    return '3 empty reads: 1 SELECT, for search() and for byId()';
  },
};
