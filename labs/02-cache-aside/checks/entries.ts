import { fail, type CheckContext } from '@workshop/lab-kit';
import { closes } from '../../shared/closes.ts';
import { livesSet } from '../../shared/lives.ts';
import { articleReads, emptyReads } from '../../shared/reads.ts';
import { warmUp } from '../../shared/warm-up.ts';
import type { LabCheck } from './lab-check.ts';
import { longestMs, shortestMs, tooShort } from './life.ts';

export const expiry: LabCheck = {
  id: 'expiry',
  title: 'Every entry expires',
  expected: `each key has a time to live, from ${shortestMs / 1000} s to ${longestMs / 1000} s`,
  hint: 'SET takes the expiry along: `EX` and seconds, or `PX` and milliseconds.',
  hints: [
    'When does Redis let go of what you stored? Look: `redis-cli ttl KEY`.',
    "SET takes the expiry along, after the value: 'EX' and seconds.",
    { file: 'cache.ts', from: 'await redis.set', to: ';' },
  ],
  async run(context) {
    const { redis, observe } = context;
    await warmUp(context.store, context);
    const reads = [...(await articleReads(context, 'delta', 10)), ...emptyReads(context)];
    // Twice: a hit may write, too.
    const seen = await observe(async () => {
      for (const { read } of [...reads, ...reads]) await read();
    });
    // What lives for an instant may be gone before it can be looked at.
    const shortest = Math.min(...livesSet(seen));
    if (shortest < shortestMs) fail(`an answer was stored for ${shortest} ms`, tooShort);
    // As bytes: a key need not be text.
    const keys = await redis.keysBuffer('*');
    if (keys.length === 0)
      fail(`after ${reads.length} reads there is not one key in Redis`, { mistake: 'nothing-stored' });
    const lives = await Promise.all(keys.map(async (key) => await redis.pttl(key)));
    for (const [index, life] of lives.entries()) judgeLife(String(keys[index]), life);
    return `${keys.length} keys, each with an expiry`;
  },
};

function judgeLife(key: string, life: number): void {
  const leadsTo =
    'What nobody reads again stays in memory for good, and what changed in MySQL is served old for good.';
  if (life === -1) fail(`the key ${key} has no expiry`, { mistake: 'no-expiry', leadsTo });
  if (life > longestMs)
    fail(`the key ${key} lives for ${Math.round(life / 1000)} s`, { mistake: 'expiry-too-long', leadsTo });
  // -2: gone since it was listed.
  if (life < shortestMs && life >= 0) fail(`the key ${key} lives for ${life} ms`, tooShort);
}

/** What others keep in the same Redis. */
const others = { 'session:ada': 'signed in', 'cart:7': '3 books', articles: 'of another program' };

export const ownKeys: LabCheck = {
  id: 'own-keys',
  title: 'The rest of Redis is left alone',
  expected: 'no FLUSHALL, FLUSHDB, KEYS or SCAN, at the start or later; what others stored is still there',
  hint: 'Other programs keep things in the same Redis. A key of yours goes by its own name, or by its expiry.',
  hints: [
    'Your code is not the only one that uses this Redis. Which of its commands touch what is not yours?',
    'No command that empties Redis or walks through it. Old entries need no clearing at the start: they expire.',
    { file: 'article-store.ts', from: '// Everything that changes the answer', to: 'cache.getOrLoad' },
  ],
  async run(context) {
    const { redis, observe, restart } = context;
    await redis.mset(others);
    const reads = [...(await articleReads(context, 'virus', 2)), ...emptyReads(context)];
    const seen = await observe(async () => {
      await restart();
      for (const { read } of [...reads, ...reads]) await read();
    });
    const leadsTo =
      "FLUSHALL deletes other people's data too; KEYS and SCAN walk through all of it, KEYS with Redis standing still.";
    const [rude] = seen.commands('FLUSHALL', 'FLUSHDB', 'KEYS', 'SCAN', 'SWAPDB');
    if (rude) fail(`the store sent ${rude.name}`, { mistake: 'flush-or-keys', leadsTo });
    const scripts = seen.commands('EVAL', 'SCRIPT', 'FUNCTION').flatMap((event) => event.args ?? []);
    const inScript = /call\(\s*['"](flushall|flushdb|keys|scan)/i.exec(scripts.join(' '))?.[1];
    if (inScript)
      fail(`a script of the store calls ${inScript.toUpperCase()}`, { mistake: 'flush-or-keys', leadsTo });
    await othersAreThere(redis);
    return `a start and ${2 * reads.length} reads without them`;
  },
};

async function othersAreThere(redis: CheckContext['redis']): Promise<void> {
  for (const [key, value] of Object.entries(others)) {
    const now = (await redis.type(key)) === 'string' ? await redis.get(key) : await redis.type(key);
    const expires = (await redis.pttl(key)) >= 0;
    if (now === value && !expires) continue;
    const what = now === 'none' ? 'is gone' : expires ? 'expires now' : 'holds something else now';
    fail(`the key ${key} of another program ${what}`, {
      mistake: 'flush-or-keys',
      leadsTo: 'Somebody else is signed out, or loses a cart, and looks for the reason in their own code.',
    });
  }
}

export const close: LabCheck = {
  id: 'close',
  title: 'close() leaves no connection, and lets the process end',
  expected: 'after close() the process ends by itself',
  hint: 'Both clients keep the process alive: the pool and Redis.',
  hints: [
    'Two clients are open now. Does close() know both?',
    'The pool has `end()`. ioredis has `disconnect()`, which waits for nothing, and `quit()`, which waits for an answer.',
    { file: 'cache.ts', from: 'close() {', to: '}' },
  ],
  async run(context) {
    await context.redis.mset(others);
    await context.store.search('virus', 2);
    const observed = await closes(context);
    await othersAreThere(context.redis);
    return observed;
  },
};
