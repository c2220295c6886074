import { fail, orFailure } from '@workshop/lab-kit';
import type { LabCheck } from './lab-check.ts';
import { inMemory, staleAfter } from './memory.ts';
import { holdMessages } from './messages.ts';
import { byId, search } from './reads.ts';

const reads = [byId(7), search('delta', 20)];

export const flushed: LabCheck = {
  id: 'flushed',
  title: 'When Redis is emptied, so is the memory',
  expected: 'FLUSHDB: the next reads are new',
  hint: 'Does any message reach you? (ioredis needs `protocol: 2` for that.) One of them names no keys: what does it mean?',
  hints: [
    'Somebody empties Redis because it holds something wrong. Whose copies remain?',
    'Does a message come at all? ioredis drops those of protocol 3. For FLUSHDB and FLUSHALL it has null in place of the list of keys: everything is gone.',
    { file: 'changes.ts', from: "redis.on('messageBuffer'", to: 'else listener' },
  ],
  async run(context) {
    const { store, mysql, coldCache } = context;
    await inMemory(context, store, reads);
    await mysql.query("UPDATE articles SET Title = 'Repaired by hand'");
    await coldCache();
    for (const read of reads) {
      const wrong = await staleAfter(context, store, read);
      if (wrong)
        fail(`rows were repaired in MySQL and Redis was emptied; after that ${read.call} ${wrong}`, {
          mistake: 'flush-unheard',
          leadsTo: 'The one thing that everybody tries when a cache is wrong does not help.',
        });
    }
    return `${reads.length} reads after FLUSHDB: 0 old answers`;
  },
};

/** The longest that a message lost without a sign may go unnoticed, ms. */
const unnoticedMs = 10_000;
const pauseMs = 2_000;

export const lostMessage: LabCheck = {
  id: 'lost-message',
  title: 'A message that never comes is not waited for',
  expected: `messages lost, connections up: a read every ${pauseMs / 1_000} s is new after ${unnoticedMs / 1_000} s, +${pauseMs / 1_000}`,
  hint: 'What bounds the life of a copy if nobody says anything? Does reading it make it live longer?',
  hints: [
    'A router drops the connection and tells neither end. How long do you serve what you have?',
    `A copy lives ${unnoticedMs / 1_000} s at most, counted from when it was read from Redis. After that ask Redis, which costs one round trip.`,
    { file: 'near.ts', from: 'const mostMs', to: 'const mostMs' },
  ],
  async run(context) {
    const { store, another, weather, observe, passTime } = context;
    const { store: other } = await another();
    await inMemory(context, store, reads);
    holdMessages(weather);
    await other.revise(7, { Title: 'Title', Sentence: 'delta', PublishedDate: '2999-01-01' });
    for (let passed = 0; passed < unnoticedMs + pauseMs; passed += pauseMs) {
      for (const read of reads) await observe(async () => await orFailure(read.of(store)));
      await passTime(pauseMs);
    }
    for (const read of reads) {
      const wrong = await staleAfter(context, store, read);
      if (wrong)
        fail(
          `another process wrote, and the message was lost; ${(unnoticedMs + pauseMs) / 1_000} s later ${read.call} ${wrong}`,
          {
            mistake: 'trusts-for-good',
            leadsTo:
              'A connection that died without a sign leaves a server with old pages until somebody restarts it.',
          },
        );
    }
    return `${reads.length} reads, ${(unnoticedMs + pauseMs) / 1_000} s after a lost message: 0 old answers`;
  },
};
