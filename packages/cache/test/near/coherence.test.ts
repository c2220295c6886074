import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { NearCache } from '../../src/near/near.ts';
import { cacheClient, connect, isOn, keep, makeNear, makeTap, trackingConnection, until } from './support.ts';

const ROUNDS = 8;
const WRITES = 250;
const KEYS = 8;
const TAGS = 3;

/**
 * Writers and readers at once, on real connections: the seed decides what each does, the machine in what order it comes about. Readers do
 * as the cache does, and look in Redis only for what is not kept, so an old value that was once kept wrongly stays for all to see.
 */
describe('when the writers have come to rest', () => {
  it('nothing that is kept differs from what Redis has', async () => {
    let compared = 0;
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const round = await makeRound(seed);
      await round.run(async () => {});
      compared += await round.compare();
    }
    expect(compared).toBeGreaterThan(ROUNDS);
  });

  it('nor after connections were cut meanwhile', async () => {
    let compared = 0;
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const round = await makeRound(seed);
      const { near, tap, client, states } = round;
      await round.run(async (random) => {
        if (random(60) > 0) return;
        await isOn(near);
        const before = states.length;
        const tracking = trackingConnection(tap);
        if (random(2) > 0) client.disconnect(true);
        else tap.weather.cutReply(({ connection }) => connection === tracking);
        await until(() => states.length > before);
        tap.weather.clear();
      });
      compared += await round.compare();
    }
    expect(compared).toBeGreaterThan(ROUNDS);
  });
});

async function makeRound(seed: number) {
  const tap = await makeTap();
  const client = cacheClient(tap.clientUrl);
  const { near, prefix, states } = makeNear({ client, heartbeatMs: 20 });
  const redis = connect();
  const names = Array.from({ length: KEYS }, (_, index) => `${prefix}:${index}`);
  const tagKeys = Array.from({ length: TAGS }, (_, index) => `${prefix}:tag:{${index}}`);
  onTestFinished(async () => void (await redis.unlink(...names, ...tagKeys, `${prefix}:sentinel`)));
  const tagKeyOf = (index: number) => tagKeys[index % TAGS]!;
  await redis.mset([...names, ...tagKeys].flatMap((name) => [name, 'first']));
  await isOn(near);

  const readOne = async (index: number) => {
    const name = names[index]!;
    if (near.get(name) !== undefined) return;
    const ticket = near.begin(name);
    const [value, stamp] = await client.mget(name, tagKeyOf(index));
    if (value === null || stamp === null) return;
    near.put(ticket, {
      value: { value, stamp },
      meta: undefined,
      tagKeys: [tagKeyOf(index)],
      ttlMs: Infinity,
    });
  };

  return {
    near,
    tap,
    client,
    states,
    /** Until the writers are done. `disturb` is called between writes. */
    async run(disturb: (random: (below: number) => number) => Promise<void>) {
      const over = new AbortController();
      const writers = Array.from({ length: 3 }, async (_, number) => {
        const random = randomFrom(seed * 100 + number);
        const writer = connect();
        for (let write = 0; write < WRITES; write++) {
          await change(
            writer,
            random(2) > 0 ? tagKeys[random(TAGS)]! : names[random(KEYS)]!,
            random,
            `${number}.${write}`,
          );
          if (number === 0) await disturb(random);
        }
      });
      const readers = Array.from({ length: 6 }, async (_, number) => {
        const random = randomFrom(seed * 100 + 50 + number);
        while (!over.signal.aborted) {
          // A read that meets a cut connection brings nothing.
          await readOne(random(KEYS)).catch(() => {});
          await nextTurn();
        }
      });
      await Promise.all(writers);
      over.abort();
      await Promise.all(readers);
      await isOn(near);
      // Its connections come back each by itself: that of the tracking may be the first.
      await until(() => client.status === 'ready');
      // What is kept stays as it is; the more there is beside it, the more there is to compare.
      for (const index of names.keys()) await readOne(index);
    },
    /** How many kept values were compared with Redis, all of them the same. */
    async compare(): Promise<number> {
      await allIsHeard(near, redis, `${prefix}:sentinel`);
      const kept = names.flatMap((name, index) => {
        const entry = near.get(name);
        return entry === undefined ? [] : [{ name, tagKey: tagKeyOf(index), value: entry.value }];
      });
      for (const { name, tagKey, value } of kept) {
        const [now, stamp] = await redis.mget(name, tagKey);
        expect([name, value]).toEqual([name, { value: now, stamp }]);
      }
      return kept.length;
    },
  };
}

async function change(
  redis: Redis,
  name: string,
  random: (below: number) => number,
  value: string,
): Promise<void> {
  if (random(4) === 0) await redis.unlink(name);
  else await redis.set(name, value);
}

/** The message of a change made now comes after those of all changes before. */
async function allIsHeard(near: NearCache, redis: Redis, sentinel: string): Promise<void> {
  await until(() => {
    keep(near, sentinel, 1);
    return near.get(sentinel);
  });
  await redis.set(sentinel, 'x');
  await until(() => near.get(sentinel) === undefined);
}

/** Numerical Recipes' linear congruential generator: the same numbers for the same seed, whole ones from 0 up to `below`. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
