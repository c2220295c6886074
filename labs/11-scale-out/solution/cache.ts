import { setTimeout } from 'node:timers/promises';
import type { Cluster } from 'ioredis';
import { Breaker } from './breaker.ts';
import { connect } from './cluster.ts';
import { until } from './deadline.ts';
import { Debts } from './debts.ts';
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
  /** What each primary says of itself. Rejects when one of them says nothing. */
  info: () => Promise<string[]>;
  close(): void;
}

/** How long a reader waits for a load, ms: the query, and what Redis is asked before and after it. */
const patienceMs = 2_300;

interface Kept<T> {
  value: T;
  remainingMs: number;
}

/** How long the cluster may take for all that is asked at once, ms, whatever it does meanwhile: redirect, or elect. */
const limitMs = 500;

async function within<T>(work: () => Promise<T>): Promise<T> {
  return await until(AbortSignal.timeout(limitMs), 'Redis', work());
}

export function createCache(redisUrl: string, watch: Watch): Cache {
  const cluster = connect(redisUrl);
  const { primaries, replicas } = cluster;
  const debts = new Debts(async (key) => await within(async () => await primaries.unlink(key)));

  const flights = new Flights();
  const breaker = new Breaker('Redis');

  const ask = async <T>(work: () => Promise<T>): Promise<T> =>
    await breaker.run(async () => await within(work));

  /**
   * The generations by which entries count now, from the primaries: a replica may not have heard of a write yet.
   * Rejects when they can't say, or have not heard of all that this process wrote.
   */
  async function presentGenerations(tags: readonly string[]): Promise<string[]> {
    await debts.pay(generationKeys(tags));
    return await generationsOf(primaries, tags);
  }

  /** Undefined: not there. With less than no time remaining it is kept for the worst case only. */
  async function lookIn<T>(servers: Cluster, form: Form<T>, key: string): Promise<Kept<T> | undefined> {
    // Both leave in one go: the second does not wait for the first.
    const [value, ms] = await ask(
      async () => await Promise.all([form.read(servers, key), servers.pttl(key)]),
    );
    return value === undefined ? undefined : { value, remainingMs: ms - spareMs };
  }

  /**
   * The replicas carry the reads. That they lag makes nothing stale: an entry of the present generation is never wrong,
   * it is there or it is not. When it is not, the primary is asked before MySQL is.
   */
  async function look<T>(form: Form<T>, key: string): Promise<Kept<T> | undefined> {
    const copy = await lookIn(replicas, form, key).catch(() => undefined);
    return copy ?? (await lookIn(primaries, form, key));
  }

  async function loadAndStore<T>(key: string, form: Form<T>, query: () => Promise<T>): Promise<T> {
    // An error of the load goes to the caller, and nothing is stored.
    const value = await query();
    const lifeMs = lifeOf(value) + spareMs;
    await ask(async () => await form.write(primaries, key, value, lifeMs)).catch(() => {});
    return value;
  }

  /** Of all processes that miss a key, one loads it; the others wait until it is there. */
  async function loadOnce<T>(key: string, form: Form<T>, query: () => Promise<T>): Promise<T> {
    const giveUpAt = performance.now() + lockMs;
    for (let pauseMs = 10; performance.now() < giveUpAt; pauseMs = Math.min(pauseMs * 2, 250)) {
      const lock = await ask(async () => await tryLock(primaries, key)).catch(() => 'away' as const);
      if (lock === 'away') break;
      try {
        // With the lock too: another may have stored it, and let go, just before.
        const found = await lookIn(primaries, form, key).catch(() => undefined);
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
    const lock = await ask(async () => await tryLock(primaries, key));
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
    const generations = await ask(async () => await presentGenerations(tags)).catch(() => undefined);
    if (!generations) return await query();
    const current = `${key}@${generations.join()}`;
    let kept: Kept<T> | undefined;
    try {
      kept = await look(form, current);
    } catch {
      // Redis could not say: no hit, and no miss either.
      return await query();
    }
    if (kept && kept.remainingMs > 0) {
      found('hit');
      const name = `refresh ${current}`;
      if (isDue(kept.value, kept.remainingMs) && !flights.has(name))
        flights.share(name, async () => await refresh(current, form, query)).catch(() => {});
      return kept.value;
    }
    found('miss');
    try {
      const loading = flights.share(current, async () => await loadOnce(current, form, query));
      // A load that another began may take longer than this reader will wait.
      return await until(AbortSignal.timeout(patienceMs), 'The load', loading);
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
      // Not by way of the breaker: that a request comes after many failures is no reason to keep the news back.
      await debts.add(generationKeys(tags)).catch(() => {});
    },

    async info() {
      return await Promise.all(primaries.nodes('master').map(async (node) => await node.info()));
    },

    close() {
      debts.close();
      cluster.close();
    },
  };
}
