import { fail } from '@workshop/lab-kit';
import { unlike } from '../../describe.ts';
import { entries, entriesOf, noExpiry } from './entries.ts';
import { judgeHits, judgeLife, livesExpected } from './judge-life.ts';
import { judgeSpread } from './judge-spread.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { readersOf, recordReads } from './reads.ts';

const columns = ['Readers', 'LastReadAt'];

export const hash: LabCheck = {
  id: 'hash',
  title: 'A record is a hash with a field for each column',
  expected: `a key of type hash with the fields ${columns.join(' and ')}`,
  hint: 'HSET key field value [field value ...]: the fields are called as the columns are.',
  hints: [
    'Somebody wants only the number of readers of article 7, with redis-cli. What can they type?',
    'HSET takes all fields in one command; ioredis takes them as an object.',
    { file: 'record.ts', from: 'return await redis.multi()', to: 'exec()' },
  ],
  async run(context) {
    const { name, fields } = await recordHash(context);
    return `the hash ${name} has ${fields.length} fields`;
  },
};

/** The hash that readers(7) leaves in an empty Redis. */
async function recordHash(context: Context): Promise<{ key: Buffer; name: string; fields: string[] }> {
  const { redis, store } = context;
  const { found } = await entriesOf(context, {
    call: 'readers(7)',
    read: async () => await store.readers(7),
  });
  const seen: string[] = [];
  for (const { key, name } of found) {
    const type = await redis.type(key);
    const fields = type === 'hash' ? await redis.hkeys(key) : [];
    if (columns.every((column) => fields.includes(column))) return { key, name, fields };
    seen.push(
      type === 'hash' ? `the hash ${name} with the fields ${fields.join(', ')}` : `the ${type} ${name}`,
    );
  }
  const text = `readers(7) left in Redis: ${seen.join('; ')}`;
  if (seen.some((each) => each.startsWith('the hash'))) {
    fail(text, {
      mistake: 'columns-missing',
      leadsTo: 'Nobody can read or count one column without taking the rest along.',
    });
  }
  fail(text, { mistake: 'no-hash', leadsTo: 'To read one column, all of them are fetched and parsed.' });
}

export const hashLife: LabCheck = {
  id: 'hash-life',
  title: 'A hash expires as the rest does',
  expected: `${livesExpected}; spread; not renewed by hits`,
  hint: 'HSET takes no expiry: PEXPIRE gives the key one, as long as the other entries have.',
  hints: [
    'How long does the hash of an article live, and how long the one that says that there is none?',
    'The function that tells a life from a value can serve both: SET with PX, and PEXPIRE.',
    { file: 'cache.ts', from: 'form.write(', to: 'lifeOf(value)' },
  ],
  async run(context) {
    const { store } = context;
    const reads = await recordReads(context);
    for (const read of reads) await judgeLife(context, read);
    await judgeSpread(context, { what: 'records', kind: 'found', read: (n) => store.readers(n) });
    await judgeSpread(context, {
      what: 'records that do not exist',
      kind: 'none',
      read: (n) => store.readers(900_000 + n),
    });
    for (const read of reads) await judgeHits(context, read);
    return 'in its limits, spread, and not renewed by hits';
  },
};

export const brokenHash: LabCheck = {
  id: 'broken-hash',
  title: 'A hash that lacks a column is a miss, and is written anew from nothing',
  expected:
    'a column is gone, or another type is in its place: the record from MySQL; no field stays that was there before',
  hint: 'Before you take fields for a record, see that every column is there. Before you write them, DEL.',
  hints: [
    "Yesterday the table had one column less, and yesterday's hash is still there. What does today's code make of it?",
    'Check each column by name. When you write, remove the key first and within the same transaction: HSET only adds to what is there.',
    { file: 'record.ts', from: 'if (!names.every', to: 'exec()' },
  ],
  async run(context) {
    const { store, mysql, redis, observe } = context;
    const wanted = await readersOf(mysql, 7);
    for (const column of columns) {
      const { key, name } = await recordHash(context);
      await redis.hdel(key, column);
      const wrong = unlike(await store.readers(7), wanted);
      if (!wrong) continue;
      fail(`the field ${column} was gone from the hash ${name}, and readers(7) ${wrong}`, halfARecord);
    }
    const { key, name } = await recordHash(context);
    await redis.del(key);
    await redis.hset(key, 'Retired', 'yes', 'Readers', '1');
    const { value } = await observe(async () => await store.readers(7));
    const mixed = unlike(value, wanted);
    if (mixed)
      fail(`the hash ${name} had the fields Retired and Readers, and readers(7) ${mixed}`, halfARecord);
    if (await redis.hexists(key, 'Retired')) {
      fail(
        `the hash ${name} held another record's field, Retired; after readers(7) stored its own, it still does`,
        {
          mistake: 'old-fields-stay',
          leadsTo:
            'A record is mixed from two: a column that MySQL no longer has, or a mark that says there is none.',
        },
      );
    }
    const bare = (await entries(redis)).find(({ leftMs }) => leftMs === -1);
    if (bare) fail(`the key ${bare.name} was written over another, and has no expiry`, noExpiry);
    await redis.set(key, 'not a hash', 'PX', 60_000);
    const wrong = unlike(await store.readers(7), wanted);
    if (wrong) fail(`${name} was a string, and readers(7) ${wrong}`, halfARecord);
    return '2 hashes without a column and 1 of another record: the record from MySQL each time';
  },
};

const halfARecord = {
  mistake: 'half-a-record',
  leadsTo: 'After a deployment that adds a column, pages show records without it until they expire.',
};
