import { CallFailed, fail, orFailure } from '@workshop/lab-kit';
import { describe, unlike } from '../../describe.ts';
import { refuseQueries, errorSwallowed } from '../../refused-queries.ts';
import { judgeCached, typesLost } from './cached.ts';
import type { LabCheck } from './lab-check.ts';
import { noSuchId, readersOf, recordRead } from './reads.ts';

export const readers: LabCheck = {
  id: 'readers',
  title: 'readers() from a cold cache returns what MySQL holds',
  expected: 'Readers, a bigint, and LastReadAt, a Date, of 3 articles; undefined for one that does not exist',
  hint: 'One row of `article_reads`. For a key that is not there HGETALL answers with no fields, not with null.',
  hints: [
    'What does HGETALL answer for a key that does not exist, and what does your code take that for?',
    '`{}` is true in an `if`. Look for the fields you need, one by one; when one is missing, query MySQL as on any miss.',
    { file: 'article-store.ts', from: 'async readers(id)', to: 'return found ?? undefined;' },
  ],
  async run({ store, mysql, coldCache }) {
    for (const id of [1, 7, 12, noSuchId]) {
      await coldCache();
      const got = await store.readers(id);
      const wanted = await readersOf(mysql, id);
      const wrong = unlike(got, wanted);
      if (!wrong) continue;
      const isHollow = got !== undefined && Object.values(got).every(isNothing);
      fail(`readers(${id}), with nothing in Redis, ${wrong}`, isHollow ? emptyHash : {});
    }
    return '3 articles as in MySQL, and undefined for the one that does not exist';
  },
};

const emptyHash = {
  mistake: 'empty-hash-is-a-record',
  leadsTo: 'A key that is not there is served as a record without columns, and MySQL is never asked.',
};

/** What a column becomes when it is read from a field that is not there. */
function isNothing(value: unknown): boolean {
  if (value instanceof Date) return Number.isNaN(value.getTime()) || value.getTime() === 0;
  return value === undefined || value === null || value === '' || Number.isNaN(value) || value === 0n;
}

export const readersCached: LabCheck = {
  id: 'readers-cached',
  title: 'readers() is cached, and a hit equals the miss',
  expected: '3 equal reads: 1 SELECT; from Redis the same values of the same types',
  hint: 'A hash holds text and nothing else. Each column needs its own way into text and back.',
  hints: [
    'Print `typeof` of both columns on a miss and on a hit. What does Redis give back for what you stored?',
    '`Number()` rounds a count above 9,007,199,254,740,991, and `String(date)` drops the milliseconds. Which ways lose nothing?',
    { file: 'article-store.ts', from: 'const readers = asHash', to: '});' },
  ],
  async run(context) {
    const { store, mysql, observe } = context;
    // An article that nobody has read has a record like any other.
    await mysql.query('UPDATE article_reads SET Readers = 0 WHERE OBJECTID = ?', [unread]);
    for (const id of [7, unread]) await judgeCached(context, await recordRead(context, id, 'found'));
    // On one warm cache: what is stored for one must not answer for another.
    for (const id of [12, 17, 4]) {
      for (const from of ['MySQL', 'Redis']) {
        const wrong = unlike(await store.readers(id), await readersOf(mysql, id));
        const details = from === 'Redis' ? typesLost : keysCollide;
        if (wrong) fail(`readers(${id}) from ${from}, after other reads, ${wrong}`, details);
      }
    }
    const alike = [
      { call: "search('7', 7)", read: async () => await store.search('7', 7) },
      { call: 'byId(7)', read: async () => await store.byId(7) },
      { call: 'readers(7)', read: async () => await store.readers(7) },
    ];
    const calls = alike.map(({ call }) => call).join(', ');
    const wanted: unknown[] = [];
    for (const { read } of alike) wanted.push(await read());
    for (const [at, { call, read }] of alike.entries()) {
      const again = await observe<unknown>(read);
      const wrong = unlike(again.value, wanted[at]);
      if (wrong) fail(`after ${calls}: ${call} ${wrong}`, keysCollide);
      const selects = again.selects.length;
      if (selects > 0) fail(`after ${calls}: ${call} sent ${selects} SELECT, expected 0`, keysCollide);
    }
    return '3 equal reads: 1 SELECT; 5 records with their types, from Redis as from MySQL';
  },
};

/** An article of the fixture. */
const unread = 20;

const keysCollide = {
  mistake: 'keys-collide',
  leadsTo: 'Two kinds of answers push each other out, or one is served for the other.',
  hint: 'Everything that sets a read apart belongs in its key: what is read, and of which article.',
};

export const noReaders: LabCheck = {
  id: 'no-readers',
  title: 'That there is no record is cached too, and never becomes one',
  expected: '3 reads of an article that does not exist: 1 SELECT, undefined each time',
  hint: 'A hash without fields does not exist, so an empty one can stand for nothing. What could?',
  hints: [
    'Redis removes a hash with its last field, and refuses to make one without any. How can "there is none" be stored?',
    'Store a field that no column is called by, and look for it first; or another key. A record with empty columns is none.',
    { file: 'record.ts', from: 'const fields = record', to: "{ [noRecord]: '1' }" },
  ],
  async run(context) {
    await judgeCached(context, await recordRead(context, noSuchId, 'none'));
    return '3 times readers() of no article: 1 SELECT, and undefined each time';
  },
};

export const mysqlError: LabCheck = {
  id: 'mysql-error',
  title: 'An error of MySQL reaches the caller of readers(), and is not stored',
  expected: 'while MySQL fails: a rejection; right after: the record',
  hint: 'Where does the error go between the query and the caller? Only what was loaded may be stored.',
  hints: [
    'MySQL is down for a second. What would a hash that says "there is none" do to the minute after it?',
    'Guard the Redis calls one by one, and leave the load outside of every `try` and `catch`.',
    { file: 'cache.ts', from: '// An error of the load', to: 'form.write' },
  ],
  async run({ store, mysql, weather }) {
    const spell = refuseQueries(weather);
    const failed = await orFailure<unknown>(store.readers(7));
    if (!(failed instanceof CallFailed))
      fail(`MySQL refused the query, and readers(7) returned ${describe(failed)}`, errorSwallowed);
    spell.stop();
    const value = await orFailure<unknown>(store.readers(7));
    const errorCached = {
      mistake: 'error-cached',
      leadsTo: 'A second of trouble is served to everyone until the entry expires.',
    };
    if (value instanceof CallFailed)
      fail(`MySQL answers again, and readers(7) fails: ${value.remote.message}`, errorCached);
    const wrong = unlike(value, await readersOf(mysql, 7));
    if (wrong) fail(`MySQL answers again, and readers(7) ${wrong}`, errorCached);
    return 'a rejection while MySQL failed, the record right after';
  },
};
