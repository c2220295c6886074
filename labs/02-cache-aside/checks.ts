import { setTimeout } from 'node:timers/promises';
import {
  CallFailed,
  CallHung,
  defineLab,
  fail,
  marks,
  Observation,
  orFailure,
  sameValue,
  type Check,
  type CheckContext,
} from '@workshop/lab-kit';
import type { ArticleStore } from '../contract.ts';
import { describe, difference } from '../describe.ts';
import { articleById, literalMatches, oddTerms } from '../expected.ts';

type Context = CheckContext<ArticleStore>;
type LabCheck = Check<ArticleStore>;

/** The longest that the lab lets an entry live, seconds. It asks for a minute. */
const longestTtl = 3_600;
/** And the shortest: below it, seconds and milliseconds were taken for each other. */
const shortestTtlMs = 5_000;

const answers: LabCheck = {
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

const notShared = {
  mistake: 'not-shared',
  leadsTo: 'Ten servers ask the database ten times, and each deployment begins with an empty cache.',
};

const secondRead: LabCheck = {
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

const expiry: LabCheck = {
  id: 'expiry',
  title: 'Every entry expires',
  expected: `each key has a time to live, at most ${longestTtl} s`,
  hint: 'SET takes the expiry along: `EX` and seconds, or `PX` and milliseconds.',
  async run({ store, redis, observe }) {
    await observe(async () => {
      await store.search('delta', 10);
      await store.search('nothing contains this', 10);
      await store.byId(7);
      await store.byId(999_999);
    });
    const keys = await redis.keys('*');
    if (keys.length === 0) fail('after 4 reads there is not one key in Redis', { mistake: 'nothing-stored' });
    for (const key of keys) {
      const ttl = await redis.pttl(key);
      const leadsTo =
        'What nobody reads again stays in memory for good, and what changed in MySQL is served old for good.';
      if (ttl >= 0 && ttl < shortestTtlMs) {
        fail(`the key ${key} lives for ${ttl} ms`, {
          mistake: 'expiry-too-short',
          leadsTo:
            'The entry is gone before the next visitor comes: the database carries every read, as before.',
        });
      }
      if (ttl < 0) fail(`the key ${key} has no expiry`, { mistake: 'no-expiry', leadsTo });
      if (ttl > longestTtl * 1000) {
        fail(`the key ${key} lives for ${Math.round(ttl / 1000)} s`, { mistake: 'expiry-too-long', leadsTo });
      }
    }
    return `${keys.length} keys, each with an expiry`;
  },
};

type SearchArgs = readonly [term: string, limit: number];

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
  [[`${long}In Cadiz`, 9], [`${long}In Genoa`, 9], 'the key is cut'],
];

const keysApart: LabCheck = {
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

const hitEqualsMiss: LabCheck = {
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

const emptyCached: LabCheck = {
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

const errorNotCached: LabCheck = {
  id: 'error-not-cached',
  title: 'An error of MySQL reaches the caller and is not stored',
  expected: 'while MySQL fails: a rejection; right after: the rows',
  hint: 'Where does the error go between the query and the caller? Only what was loaded may be stored.',
  async run({ store, mysql, weather }) {
    const reads = [
      ["search('delta', 6)", () => store.search('delta', 6), await literalMatches(mysql, 'delta', 6)],
      ['byId(7)', () => store.byId(7), await articleById(mysql, 7)],
    ] as const;
    const spell = weather.mysql.fail((event) => event.kind !== 'connect' && Boolean(event.sql), {
      code: 1205,
      sqlState: 'HY000',
      message: 'Lock wait timeout exceeded; try restarting transaction',
    });
    for (const [call, read] of reads) {
      const failed = await orFailure<unknown>(read());
      if (failed instanceof CallFailed) continue;
      fail(`MySQL refused the query, and ${call} returned ${describe(failed)}`, {
        mistake: 'error-swallowed',
        leadsTo: 'The page says "nothing found" while the database is down, and nobody is told.',
      });
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

const redisRefuses: LabCheck = {
  id: 'redis-refuses',
  title: 'With Redis down, reads are answered from MySQL',
  expected: 'Redis refuses connections: 4 of 4 reads answered, also right after a start',
  hint: 'Every Redis call can fail. What then? A failed GET is a miss, and a failed SET is nothing to tell a visitor.',
  async run(context) {
    const { store, weather, restart } = context;
    await store.search('virus', 3);
    weather.redis.refuse();
    await readsAnswered(context, 'Redis went away');
    await restart();
    await readsAnswered(context, 'Redis was away at the start');
    return '4 of 4 reads answered from MySQL';
  },
};

const redisHangs: LabCheck = {
  id: 'redis-hangs',
  title: 'With Redis hanging, reads are not held up',
  expected: 'Redis accepts commands and never answers: each read returns within 5 s',
  hint: 'ioredis waits for good unless it is told otherwise: `commandTimeout`, in ms. How long may a cache take?',
  async run(context) {
    const { store, weather } = context;
    await store.search('virus', 3);
    weather.redis.hang();
    await readsAnswered(context, 'Redis stopped answering');
    return '2 of 2 reads answered while Redis hung';
  },
};

const redisFull: LabCheck = {
  id: 'redis-full',
  title: 'A Redis that takes no writes fails no read',
  expected: 'writes are refused (out of memory): reads answered from MySQL',
  hint: 'The rows are in your hands when the SET fails. Serve them.',
  async run(context) {
    const { weather } = context;
    const reads = new Set([
      'GET',
      'MGET',
      'HGETALL',
      'HGET',
      'HMGET',
      'GETEX',
      'EXISTS',
      'PTTL',
      'TTL',
      'HELLO',
      'CLIENT',
      'INFO',
      'PING',
      'AUTH',
      'SELECT',
    ]);
    weather.redis.fail(
      (event) => event.kind === 'command' && !reads.has(event.name ?? ''),
      "OOM command not allowed when used memory > 'maxmemory'.",
    );
    await readsAnswered(context, 'Redis is full');
    return '2 of 2 reads answered while Redis took no writes';
  },
};

/** How long a client may take to find Redis again, ms. */
const limitMs = 10_000;

const redisReturns: LabCheck = {
  id: 'redis-returns',
  title: 'When Redis is back, caching goes on',
  expected: 'a hit again, without a restart',
  hint: 'ioredis connects again by itself, unless `retryStrategy` or a `disconnect()` tells it not to.',
  async run({ store, weather, observe, restart }) {
    await store.search('virus', 3);
    const before = await observe(() => store.search('virus', 3));
    if (before.selects.length > 0) {
      fail('there was no hit before Redis went away, so there can be none after', {
        hint: 'The checks above come first.',
      });
    }
    const spell = weather.redis.refuse();
    // A process that starts meanwhile has never seen Redis.
    await restart();
    for (let n = 0; n < 3; n++) await orFailure(store.search('virus', 3));
    spell.stop();
    // Clients wait longer and longer between attempts. The wait is for the hit; its limit is far beyond a sane one.
    const deadline = performance.now() + limitMs;
    for (let reads = 1; ; reads++) {
      const seen = await observe(() => orFailure(store.search('virus', 3)));
      if (seen.selects.length === 0 && !(seen.value instanceof CallFailed))
        return `a hit again, at read ${reads}`;
      if (performance.now() > deadline) {
        fail(`${limitMs / 1000} s and ${reads} reads after Redis came back, each read still goes to MySQL`, {
          mistake: 'gives-up-for-good',
          leadsTo:
            'After a failover of a few seconds the database carries everything until somebody restarts the servers.',
        });
      }
      await setTimeout(50);
    }
  },
};

const shared: LabCheck = {
  id: 'shared',
  title: 'What one process has stored, another finds',
  expected: 'a new process reads what was read before: 0 SELECTs',
  hint: 'A Map lives and dies with its process. What in your key differs from one process to the next?',
  async run({ store, observe, restart }) {
    await observe(() => store.search('virus', 6));
    await observe(() => store.byId(7));
    await restart();
    const seen = await observe(async () => {
      await store.search('virus', 6);
      await store.byId(7);
    });
    if (seen.selects.length > 0) {
      fail(
        `2 reads in a new process: expected 0 SELECTs, saw ${seen.selects.length}; ${cacheTraffic(seen)}`,
        notShared,
      );
    }
    return '2 reads in a new process: 0 SELECTs';
  },
};

const ownKeys: LabCheck = {
  id: 'own-keys',
  title: 'The rest of Redis is left alone',
  expected: 'no FLUSHALL, FLUSHDB or KEYS, at the start or later',
  hint: 'Other programs keep things in the same Redis. A key of yours goes by its own name, or by its expiry.',
  async run({ store, observe, restart }) {
    const seen = await observe(async () => {
      await restart();
      await store.search('virus', 2);
      await store.byId(7);
    });
    const [rude] = seen.commands('FLUSHALL', 'FLUSHDB', 'KEYS');
    if (rude) {
      fail(`the store sent ${rude.name}`, {
        mistake: 'flush-or-keys',
        leadsTo:
          "FLUSHALL deletes other people's data too; KEYS stops Redis for everyone while it walks all keys.",
      });
    }
    return 'a start and 2 reads without them';
  },
};

const close: LabCheck = {
  id: 'close',
  title: 'close() leaves no connection, and lets the process end',
  expected: 'after close() the process ends by itself',
  hint: 'Both clients keep the process alive: the pool and Redis.',
  async run({ store, connections, finish, restart }) {
    await restart();
    await store.search('virus', 2);
    await store.close();
    if (await finish()) return '0 connections, and the process ended';
    const { mysql, redis } = connections();
    return fail(
      `5 s after close() the process still runs, with ${mysql} connections to MySQL and ${redis} to Redis`,
      {
        mistake: 'never-closed',
        leadsTo: 'Every deployment waits for a time-out, and the engines keep connections nobody uses.',
      },
    );
  },
};

async function readsAnswered({ store, mysql }: Context, state: string): Promise<void> {
  for (const [call, read, wanted] of [
    ["search('delta', 8)", () => store.search('delta', 8), await literalMatches(mysql, 'delta', 8)],
    ['byId(7)', () => store.byId(7), await articleById(mysql, 7)],
  ] as const) {
    const value = await orFailure<unknown>(read()).catch((error: unknown) => {
      if (!(error instanceof CallHung) || error.blocked) throw error;
      return fail(`${state}, and ${call} did not return within 5 s`, {
        mistake: 'waits-for-redis',
        leadsTo: 'The cache, there to make pages fast, makes every page hang, with the database idle.',
      });
    });
    if (value instanceof CallFailed) {
      fail(`${state}, and ${call} failed: ${value.remote.message}`, {
        mistake: 'redis-error-fails-the-read',
        leadsTo: 'The cache has become a second thing that can take the site down.',
      });
    }
    if (!sameValue(value, wanted)) fail(`${state}, and ${call} returned ${describe(value)}`);
  }
}

/** "3 GETs, 0 found; 3 SETs": what a reader needs to see why there was no hit. */
function cacheTraffic(seen: Observation): string {
  const gets = seen.commands('GET', 'HGETALL', 'MGET', 'GETEX', 'HMGET', 'HGET');
  const found = gets.filter((event) => hasValue(event.reply)).length;
  const writes = seen.commands('SET', 'SETEX', 'PSETEX', 'HSET', 'HMSET', 'EVAL', 'EVALSHA', 'SETNX').length;
  return seen.redis.length === 0
    ? 'nothing reached Redis'
    : `Redis: ${gets.length} reads, ${found} found; ${writes} writes`;
}

function hasValue(reply: unknown): boolean {
  if (reply === null || reply === undefined) return false;
  if (Array.isArray(reply)) return reply.some(hasValue);
  return !(reply instanceof Map && reply.size === 0);
}

function whyNoHit(seen: Observation): { mistake: string; leadsTo: string } {
  const leadsTo = 'The database carries every read, as if there were no cache; and Redis is paid for on top.';
  const gets = seen.commands('GET', 'HGETALL', 'MGET', 'GETEX', 'HMGET', 'HGET');
  if (seen.redis.length === 0) return { mistake: 'no-cache', leadsTo };
  if (gets.some((event) => hasValue(event.reply))) return { mistake: 'hit-still-queries', leadsTo };
  return { mistake: gets.length === 0 ? 'never-looked-up' : 'nothing-stored', leadsTo };
}

export default defineLab<ArticleStore>({
  id: '02',
  name: 'cache-aside',
  title: 'Cache-aside',
  minutes: 30,
  returns: { search: 'rows', byId: 'row', explainSearch: 'object' },
  checks: [
    answers,
    secondRead,
    hitEqualsMiss,
    keysApart,
    emptyCached,
    expiry,
    errorNotCached,
    ownKeys,
    shared,
    close,
    redisRefuses,
    redisHangs,
    redisFull,
    redisReturns,
  ],
});
