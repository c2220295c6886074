import { fail, orFailure, sameValue, type FailureDetails } from '@workshop/lab-kit';
import { isLoneExpiry } from './commands.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { searches } from './places.ts';

export const kept: LabCheck = {
  id: 'kept',
  title: 'What is to stay stays, and what is to go can only go',
  expected: 'points, readers and news have no expiry; all else gets one together with its first write',
  hint: 'An expiry that comes as a command of its own may never come: the process can end in between.',
  hints: [
    'Your process ends right after the first of two commands. What is in Redis then, and for how long?',
    'Write and expiry go in one SET, one MULTI or one script. What is to be kept for good gets no expiry at all.',
    { file: 'rate-limit.ts', from: "redis.call('ZADD'", to: "redis.call('PEXPIRE'" },
  ],
  async run(context) {
    const { store, redis, observe, restart, weather, coldCache } = context;
    const id = await store.signIn('ann');
    const seen = await observe(async () => {
      await store.addPoints('ann', 5);
      await store.countReader(1, 'ann');
      await store.publishNews('first');
      await restart();
      if ((await store.session(id))?.user !== 'ann')
        fail('a new process does not know the session', inProcess);
      if (!(await hasAll(store))) fail('a new process lacks points, readers or news', inProcess);
      for (const key of await redis.keys('*')) if ((await redis.pttl(key)) >= 0) await redis.del(key);
      if (await hasAll(store)) return;
      fail('once every key with an expiry has gone, points, readers or news are missing', {
        mistake: 'expires',
        leadsTo: 'Nothing else holds them: what expires here is lost.',
      });
    });
    await coldCache();
    const passing = await observe(async () => await expiring(context));
    const walk = [...seen.redis, ...passing.redis].find(
      ({ name = '', args = [] }) =>
        ['KEYS', 'SCAN', 'FLUSHDB', 'FLUSHALL'].includes(name) ||
        (name === 'EVAL' && walks.test(String(args[0]))),
    );
    if (walk) {
      fail(`the store sent ${walk.name === 'EVAL' ? 'a script that walks through all keys' : walk.name}`, {
        mistake: 'walks-all-keys',
        leadsTo: 'With a million keys each sign-out takes a second, in which Redis answers nobody else.',
      });
    }
    await expectExpiry(redis, 'after a write', { mistake: 'no-expiry', leadsTo });
    await coldCache();
    // As if the process had ended before each expiry that is not part of a write.
    weather.redis.fail(isLoneExpiry, 'ERR the process ended before this command');
    await expiring(context);
    const mistake = 'expiry-apart';
    await expectExpiry(redis, 'the process ends between two commands, and', { mistake, leadsTo });
    return 'points, readers and news stay; sessions, requests and cities go, whenever a process ends';
  },
};

const inProcess = {
  mistake: 'kept-in-process',
  leadsTo:
    'With each deployment everybody is signed out, and a second server knows nothing of what the first one does.',
};

/** One reader with 5 points, one visitor, one piece of news. */
async function hasAll(store: Context['store']): Promise<boolean> {
  const counts = [
    (await store.standing('ann'))?.points,
    await store.uniqueReaders([1]),
    (await store.newsSince()).length,
  ];
  return sameValue(counts, [5, 1, 1]);
}

const leadsTo =
  'It stays for good: a session that never ends, a list that is never read anew, memory that never comes back.';

async function expectExpiry(redis: Context['redis'], when: string, details: FailureDetails): Promise<void> {
  for (const key of await redis.keys('*')) {
    if ((await redis.pttl(key)) < 0) fail(`${when} the key ${key} has no expiry`, details);
  }
}

const walks = /call\s*\(\s*['"](?:keys|scan|flushdb|flushall)['"]/i;

/** Each may fail in bad weather. What counts is what they leave. */
async function expiring({ store }: Context): Promise<void> {
  const users = ['ann', 'ann', 'bob'];
  const ids = [];
  for (const user of users) ids.push(await orFailure(store.signIn(user)));
  const [first, second] = ids.filter((id) => typeof id === 'string');
  if (first && second) {
    await orFailure(store.remember(first, 'theme', 'dark'));
    await orFailure(store.session(first));
    await orFailure(store.signOut(second));
  }
  await orFailure(store.signOutEverywhere('bob'));
  await orFailure(store.allow('ann', Date.now()));
  await orFailure(store.citiesNear(...searches[0]!));
}
