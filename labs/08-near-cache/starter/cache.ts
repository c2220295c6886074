import { setTimeout } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { Breaker } from './breaker.ts';
import { until } from './deadline.ts';
import { Flights } from './flights.ts';
import type { Form } from './form.ts';
import { generationKeys, generationsOf } from './generations.ts';
import { isDue, lifeOf, spareMs } from './life.ts';
import { lockMs, tryLock } from './lock.ts';
import { timed, type Operation, type Outcome, type Watch } from './watch.ts';

/** Where an answer is kept, and what it depends on. */
export interface Place<T> {
  /** For the figures: the function of the store that it is for. */
  operation: Operation;
  key: string;
  form: Form<T>;
  /** When one of these is invalidated, the answer no longer counts. */
  tags: readonly string[];
}

export interface Cache {
  /** Cache-aside: look in Redis, load on a miss, store with an expiry, serve. */
  getOrLoad<T>(place: Place<T>, load: () => Promise<T>): Promise<T>;
  /** From now on nothing counts that was loaded for these tags before, or is being loaded now. Never rejects. */
  invalidate(tags: readonly string[]): Promise<void>;
  /** What Redis says of itself. Rejects when it says nothing. */
  info: () => Promise<string>;
  close(): void;
}

/** How long a reader waits for a load, ms: the query, and what Redis is asked before and after it. */
const patienceMs = 2_300;

export function createCache(redisUrl: string, watch: Watch): Cache {
  const redis = new Redis(redisUrl, {
    // A cache that answers late is worse than none: the read goes on to MySQL after this many ms.
    commandTimeout: 300,
    // While Redis is away, fail a command at the first lost connection instead of the twentieth.
    maxRetriesPerRequest: 1,
    // Look for it again at least every second, so that caching resumes soon after it is back.
    retryStrategy: (attempt) => Math.min(attempt * 50, 1_000),
  });
  // The cache being away is not an error of this program: reads go to MySQL meanwhile.
  redis.on('error', () => {});

  /** Generations whose removal Redis has not confirmed, each with the write that owes it. */
  const owed = new Map<string, symbol>();
  redis.on('ready', () => void payOwed().catch(() => {}));

  /** Rejects when Redis does not take it now. */
  async function payOwed(): Promise<void> {
    const sent = new Map(owed);
    const keys = [...sent.keys()];
    if (keys.length === 0) return;
    await redis.unlink(keys);
    // Owed until then: who reads meanwhile must not believe Redis. A later write may owe the same anew.
    for (const [key, write] of sent) if (owed.get(key) === write) owed.delete(key);
  }

  /** The generations by which entries count now. Rejects when Redis can't say, or has not heard of all that was written. */
  async function presentGenerations(tags: readonly string[]): Promise<string[]> {
    // GAP 1: asked before every read, and hardly ever another than the last time. Who would tell this process that it is?
    await payOwed();
    return await generationsOf(redis, tags);
  }

  const flights = new Flights();
  const breaker = new Breaker('Redis');

  /** Undefined: not in Redis. With less than no time remaining it is kept for the worst case only. */
  async function look<T>(form: Form<T>, key: string): Promise<{ value: T; remainingMs: number } | undefined> {
    // Both leave in one go: the second does not wait for the first.
    const [value, ms] = await breaker.run(
      async () => await Promise.all([form.read(redis, key), redis.pttl(key)]),
    );
    return value === undefined ? undefined : { value, remainingMs: ms - spareMs };
  }

  async function loadAndStore<T>(key: string, form: Form<T>, query: () => Promise<T>): Promise<T> {
    // An error of the load goes to the caller, and nothing is stored.
    const value = await query();
    const lifeMs = lifeOf(value) + spareMs;
    await breaker.run(async () => await form.write(redis, key, value, lifeMs)).catch(() => {});
    return value;
  }

  /** Of all processes that miss a key, one loads it; the others wait until it is there. */
  async function loadOnce<T>(key: string, form: Form<T>, query: () => Promise<T>): Promise<T> {
    const giveUpAt = performance.now() + lockMs;
    for (let pauseMs = 10; performance.now() < giveUpAt; pauseMs = Math.min(pauseMs * 2, 250)) {
      const lock = await breaker.run(async () => await tryLock(redis, key)).catch(() => 'away' as const);
      if (lock === 'away') break;
      try {
        // With the lock too: another may have stored it, and let go, just before.
        const found = await look(form, key).catch(() => undefined);
        if (found && found.remainingMs > 0) return found.value;
        // If the load fails, the lock goes at once, and the next one may try.
        if (lock) return await loadAndStore(key, form, query);
      } finally {
        await lock?.release();
      }
      // At random, so that those who wait do not come all at once.
      await setTimeout(pauseMs * (0.5 + Math.random()));
    }
    return await query();
  }

  /** Loads an answer again that can still be served. Nobody waits for it, and its failure costs nothing yet. */
  async function refresh<T>(key: string, form: Form<T>, query: () => Promise<T>): Promise<void> {
    const lock = await tryLock(redis, key);
    if (!lock) return;
    try {
      await loadAndStore(key, form, query);
    } finally {
      await lock.release();
    }
  }

  /** @param found is told what came of it, as soon as that is known */
  async function read<T>(
    { operation, key, form, tags }: Place<T>,
    load: () => Promise<T>,
    found: (outcome: Outcome) => void,
  ): Promise<T> {
    const query = async () => await timed(load, (seconds, failed) => watch.load(operation, seconds, failed));
    // Before the load. What is invalidated while the query runs has another generation by then: this answer, old
    // already, is stored under a key that nobody reads any more. Nor does anybody join that load, or wait for its lock.
    const generations = await breaker.run(async () => await presentGenerations(tags)).catch(() => undefined);
    if (!generations) return await query();
    const current = `${key}@${generations.join()}`;
    let kept: { value: T; remainingMs: number } | undefined;
    try {
      kept = await look(form, current);
    } catch {
      // Redis could not say: no hit, and no miss either.
      return await query();
    }
    // GAP 2: fetched and parsed anew for each reader. This process has had it in its hands a moment ago.
    if (kept && kept.remainingMs > 0) {
      found('hit');
      const name = `refresh ${current}`;
      if (isDue(kept.value, kept.remainingMs) && !flights.has(name))
        flights.share(name, async () => await refresh(current, form, query)).catch(() => {});
      return kept.value;
    }
    found('miss');
    try {
      const coming = flights.share(current, async () => await loadOnce(current, form, query));
      // A load that another began may take longer than this reader will wait.
      return await until(AbortSignal.timeout(patienceMs), 'The load', coming);
    } catch (error) {
      // Old, but of the present generation: nothing that was written has made it wrong.
      if (!kept) throw error;
      found('stale');
      return kept.value;
    }
  }

  return {
    async getOrLoad<T>(place: Place<T>, load: () => Promise<T>): Promise<T> {
      let outcome: Outcome = 'error';
      const work = async () =>
        await read(place, load, (known) => {
          outcome = known;
        });
      return await timed(work, (seconds) => watch.read(place.operation, outcome, seconds));
    },

    async invalidate(tags) {
      const write = Symbol();
      for (const key of generationKeys(tags)) owed.set(key, write);
      // Not by way of the breaker: that a request comes after many failures is no reason to keep the news back.
      await payOwed().catch(() => {});
    },

    async info() {
      return await redis.info();
    },

    close() {
      redis.disconnect();
    },
  };
}
