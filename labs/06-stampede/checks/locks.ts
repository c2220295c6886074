import { CallFailed, fail } from '@workshop/lab-kit';
import { unlike } from '../../describe.ts';
import { arrivalOf, isSelect, passUntilOver, start } from '../../shared/held.ts';
import type { Context, LabCheck } from './lab-check.ts';
import { byId, search } from '../../shared/hot-reads.ts';

/** How long a lock may outlive its owner, ms. */
const lockLimitMs = 10_000;
/** Who waits for a lock looks again by then, ms. */
const nextLookMs = 1_000;

export const ownerDies: LabCheck = {
  id: 'owner-dies',
  title: 'When the process that loads dies, another takes over',
  expected: `the owner is killed in the middle: the others are answered within ${lockLimitMs / 1_000} s; no key without expiry`,
  hint: 'Who lets go of a lock whose owner is gone?',
  hints: [
    'The process that got the lock is killed before its query is done. Who deletes the lock now?',
    'The lock carries its own expiry, given by the command that makes it: a moment without one is enough for a crash.',
    { file: 'lock.ts', from: "redis.set(key, owner, 'PX'", to: "redis.set(key, owner, 'PX'" },
  ],
  async run(context) {
    const { store, another, weather, redis, mysql } = context;
    const read = search('delta', 20);
    // A crash between two commands leaves what the first one made.
    weather.redis.fail(
      ({ name, transaction }) => isExpiry(name) && transaction === undefined,
      'LOADING Redis is loading the dataset in memory',
    );
    const owner = await another();
    const hold = weather.mysql.hold(isSelect);
    void start(read.of(owner.store));
    await hold.arrived;
    const waiting = start(read.of(store));
    await passUntilOver(context, waiting, 500);
    const eternal = await keysWithoutExpiry(redis);
    if (eternal.length > 0) {
      fail(`while a query is under way, Redis holds ${eternal[0]} without an expiry`, {
        mistake: 'lock-without-expiry',
        leadsTo:
          'A process dies at the wrong moment, and nobody loads this entry any more until somebody deletes the lock by hand.',
      });
    }
    await owner.kill();
    hold.release();
    if (!(await passUntilOver(context, waiting, lockLimitMs))) {
      fail(
        `the process that loaded ${read.call} was killed; ${lockLimitMs / 1_000} s later the others still wait`,
        {
          mistake: 'lock-outlives-owner',
          leadsTo: 'Every deployment leaves a page behind that does not load.',
        },
      );
    }
    const value = await waiting.outcome;
    if (value instanceof CallFailed)
      fail(
        `the process that loaded ${read.call} was killed, and the other's read failed: ${value.remote.message}`,
      );
    const wrong = unlike(value, await read.wanted(mysql));
    if (wrong) fail(`the process that loaded ${read.call} was killed, and the other's read ${wrong}`);
    return 'the owner was killed, another loaded; every key has an expiry';
  },
};

export const slowOwner: LabCheck = {
  id: 'slow-owner',
  title: "Who has lost the lock does not let go of another's",
  expected: 'an owner slower than its lock: 2 SELECTs, and no third while the second owner loads',
  hint: 'Whose lock is it by the time you delete it?',
  hints: [
    'Your query takes longer than your lock lives. Another process gets the lock and loads. Then your query comes back, and you delete the lock. Whose?',
    'Put a random text of your own into the lock, and delete it only if it still says that. Look and delete are one step: a script.',
    { file: 'lock.ts', from: 'const releaseScript', to: 'return 0' },
  ],
  async run(context) {
    const { store, another, weather, observe, passTime } = context;
    const { store: other } = await another();
    const read = byId(7);
    let first = true;
    // The first query is lost in the end, so that its owner has nothing to store, and only lets go.
    weather.mysql.cutReply((event) => {
      const isFirst = first && isSelect(event);
      if (isFirst) first = false;
      return isFirst;
    });
    const seen = await observe(async () => {
      const slow = weather.mysql.hold(isSelect);
      const lost = start(read.of(store));
      await slow.arrived;
      await passTime(lockLimitMs);
      const second = weather.mysql.hold(isSelect);
      const loads = arrivalOf(second);
      const loading = start(read.of(other));
      // With the lock free, it loads at its next look.
      for (let passed = 0; passed < nextLookMs && !loads.isThere(); passed += 250) await passTime(250);
      const hasLock = loads.isThere();
      slow.release();
      await lost.outcome;
      if (!hasLock) return { hasLock, second, over: loading.outcome };
      const third = start(read.of(store));
      await passTime(1_000);
      return { hasLock, second, over: Promise.all([loading.outcome, third.outcome]) };
    });
    // Only now: what a third loads once the second is done is no matter of locks.
    seen.value.second.release();
    await seen.value.over;
    // Whoever renews its lock while it loads keeps it, rightly: then there is no second owner.
    if (!seen.value.hasLock) return 'a slow owner keeps its lock: nobody else loads meanwhile';
    const count = seen.selects.length;
    if (count > 2) {
      fail(
        `the first owner's query outlasted its lock and failed while a second one loaded: expected 2 SELECTs, saw ${count}`,
        {
          mistake: 'lock-of-another-released',
          leadsTo:
            'On the day when queries are slow, each late one opens the door for the next: the stampede is back just when it hurts.',
        },
      );
    }
    return `a slow owner and a second one: ${count} SELECTs`;
  },
};

function isExpiry(name: string | undefined): boolean {
  return ['EXPIRE', 'PEXPIRE', 'EXPIREAT', 'PEXPIREAT'].includes(name ?? '');
}

async function keysWithoutExpiry(redis: Context['redis']): Promise<string[]> {
  const keys = await redis.keys('*');
  const lives = await Promise.all(keys.map(async (key) => await redis.pttl(key)));
  return keys.filter((_key, index) => lives[index] === -1);
}
