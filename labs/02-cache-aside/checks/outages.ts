import { CallFailed, CallHung, fail, orFailure } from '@workshop/lab-kit';
import { allAnswered } from '../../shared/answered.ts';
import { closes } from '../../shared/closes.ts';
import { hitAgain, hitBefore } from '../../shared/hit-again.ts';
import { refuseWrites, stillLoading } from '../../shared/outages.ts';
import { articleReads } from '../../shared/reads.ts';
import type { Context, LabCheck } from './lab-check.ts';

export const redisRefuses: LabCheck = {
  id: 'redis-refuses',
  title: 'With Redis down, reads are answered from MySQL',
  expected: 'Redis refuses connections: 4 of 4 reads answered, also right after a start',
  hint: 'Every Redis call can fail. What then? A failed GET is a miss, and a failed SET is nothing to tell a visitor.',
  hints: [
    'Redis is switched off. Which lines of yours throw, and who catches it?',
    "`.catch` on the GET makes it a miss, `.catch` on the SET makes it nothing. The client's 'error' event wants a listener, and starting must not wait for Redis.",
    { file: 'cache.ts', from: "redis.on('error'", to: ');' },
  ],
  async run(context) {
    const { store, weather } = context;
    const reads = await articleReads(context, 'delta', 8);
    await store.search('virus', 3);
    weather.redis.refuse();
    await allAnswered(context, reads, 'Redis went away');
    await startWithoutRedis(context);
    await allAnswered(context, reads, 'Redis was away at the start');
    return '4 of 4 reads answered from MySQL';
  },
};

async function startWithoutRedis({ restart }: Context): Promise<void> {
  const failed = await orFailure(restart()).catch((error: unknown) => {
    if (error instanceof CallHung && !error.blocked) return error;
    throw error;
  });
  if (!(failed instanceof CallFailed || failed instanceof CallHung)) return;
  fail(`Redis was away, and ${failed.message}`, {
    mistake: 'start-needs-redis',
    leadsTo: 'While Redis is away no server can be started: a deployment, or one crash, takes the site down.',
  });
}

export const redisHangs: LabCheck = {
  id: 'redis-hangs',
  title: 'With Redis hanging, neither reads nor close() are held up',
  expected: 'Redis accepts commands and never answers: each read returns within 5 s, and so does close()',
  hint: 'ioredis waits for good unless it is told otherwise: `commandTimeout`, in ms. How long may a cache take?',
  hints: [
    'Nothing fails and nothing comes back. How long does your GET wait?',
    'An option of the client limits every command: `commandTimeout`, some hundred ms. In close(), `quit()` would wait too.',
    { file: 'cache.ts', from: '// A cache that answers late', to: 'commandTimeout' },
  ],
  async run(context) {
    const { store, weather } = context;
    const reads = await articleReads(context, 'delta', 8);
    await store.search('virus', 3);
    weather.redis.hang();
    await allAnswered(context, reads, 'Redis stopped answering');
    await closes(context, ' while Redis hangs');
    return '2 of 2 reads answered while Redis hung, and close() returned';
  },
};

export const redisFull: LabCheck = {
  id: 'redis-full',
  title: 'An error from Redis fails no read',
  expected:
    'writes are refused (memory full), or everything is (still loading): reads answered from MySQL; then hits again',
  hint: 'The rows are in your hands when the SET fails. Serve them.',
  hints: [
    'Redis answers GET and refuses SET. What has the visitor to do with that?',
    'Catch the error of the SET by itself: what was loaded is returned all the same, and the next read tries again.',
    { file: 'cache.ts', from: 'const value = await load()', to: 'return value' },
  ],
  async run(context) {
    const { weather } = context;
    const reads = await articleReads(context, 'delta', 8);
    const [search] = reads;
    await hitBefore(context, search, 'Redis was full');
    await context.coldCache();
    const full = refuseWrites(weather);
    await allAnswered(context, reads, 'Redis is full');
    full.stop();
    await hitAgain(context, search, 'Redis had room again');
    stillLoading(weather);
    await allAnswered(context, reads, 'Redis is loading its data');
    return '4 of 4 reads answered while Redis sent errors; a hit in between';
  },
};

export const redisReturns: LabCheck = {
  id: 'redis-returns',
  title: 'When Redis is back, caching goes on',
  expected: 'a hit again within 10 s, without a restart',
  hint: 'ioredis connects again by itself, unless `retryStrategy` or a `disconnect()` tells it not to.',
  hints: [
    'Redis is back after a minute. Who tells your client, and how soon does it look?',
    'Leave the client open after an error. `retryStrategy` returns how many ms to wait before the next attempt; what is no number ends them.',
    { file: 'cache.ts', from: '// Look for it again', to: 'retryStrategy' },
  ],
  async run(context) {
    const { weather } = context;
    const [read] = await articleReads(context, 'virus', 3);
    await hitBefore(context, read, 'Redis went away');
    const away = weather.redis.refuse();
    // A process that starts meanwhile has never seen Redis.
    await startWithoutRedis(context);
    await allAnswered(context, [read], 'Redis was away at the start');
    away.stop();
    const observed = await hitAgain(context, read, 'Redis came back');
    const hanging = weather.redis.hang();
    await allAnswered(context, [read], 'Redis stopped answering');
    hanging.stop();
    await hitAgain(context, read, 'Redis answered again');
    return observed;
  },
};
