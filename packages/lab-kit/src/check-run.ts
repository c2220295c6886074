import { setImmediate as turn } from 'node:timers/promises';
import { RecordOverflow, type WireEvent, type WireRecord } from '@workshop/wiretap';
import { CallLog } from './call-log.ts';
import type { AnotherProcess, CheckContext } from './check-context.ts';
import type { Check, Lab } from './lab.ts';
import type { Learners } from './learners.ts';
import { limitedWeather } from './limited-weather.ts';
import { Observation } from './observation.ts';
import { passTime } from './pass-time.ts';
import type { Space } from './space.ts';
import { transcriptLine, type TranscriptLine } from './transcript.ts';

/** How long a reply may be outstanding after the learner's call returned, ms. */
const settleLimitMs = 2_000;
/** Before that limit counts, it is looked so often: on a busy machine a look takes longer, as a reply does. */
const leastLooks = 100;
/** How long no event may come while a reply is outstanding, until it is looked again, ms. */
const lookAgainMs = 20;
/** Lines of transcript kept for one check; what a runaway loop sends beyond them teaches nothing. */
const maxLines = 5_000;

/** One check while it runs: what it works with, and what is seen meanwhile. */
export class CheckRun {
  /** Clients may still be waiting before they connect again. */
  weatherUsed = false;
  readonly #lab: Lab;
  readonly #check: Check;
  readonly #space: Space;
  readonly #learners: Learners;
  readonly #mark: number;
  readonly #calls: CallLog;
  #servers = 1;

  constructor(lab: Lab, check: Check, space: Space, learners: Learners) {
    this.#lab = lab;
    this.#check = check;
    this.#space = space;
    this.#learners = learners;
    this.#mark = space.record.mark();
    this.#calls = new CallLog(check.id, space.record, lab.returns);
  }

  context(): CheckContext {
    const { mysqlTap, redisTap, mysql, redis, redisServer, redisCluster, articles, holding } = this.#space;
    const weather = {
      mysql: limitedWeather(mysqlTap.weather, 'MySQL', holding),
      redis: limitedWeather(redisTap.weather, 'Redis', holding),
    };
    const useWeather = () => {
      this.weatherUsed = true;
      return weather;
    };
    const { id } = this.#lab;
    return {
      store: this.#calls.storeOf(() => this.#learners.main),
      mysql,
      redis,
      articles,
      get redisServer() {
        if (redisServer) return redisServer;
        throw new Error(`lab ${id} has no Redis server of its own: it needs redis: 'own'`);
      },
      get redisCluster() {
        if (redisCluster) return redisCluster;
        throw new Error(`lab ${id} has no Redis Cluster: it needs redis: 'cluster'`);
      },
      get weather() {
        return useWeather();
      },
      connections: () => ({ mysql: mysqlTap.openConnections, redis: redisTap.openConnections }),
      coldCache: async () => void (await redis.flushdb()),
      restart: async () => {
        await this.#learners.restart();
        await this.untilStarted();
      },
      finish: async () => await this.#learners.main.finish(),
      another: async () => await this.#another(),
      passTime: async (ms) => await this.#passTime(ms),
      holdTime: async (work) => await this.#holdTime(work),
      observe: async (action) => await this.#observe(action),
    };
  }

  /** Calls and what reached the stores, in order. */
  transcript(): TranscriptLine[] {
    const { lines, startedAt } = this.#calls;
    const wire = this.#events(this.#mark).flatMap(
      (event) => transcriptLine(this.#check.id, startedAt, event) ?? [],
    );
    // Copies: a call that still waits is ended with its process, and its line must not tell of that.
    const calls = lines.map((line) => ({ ...line }));
    return [...calls, ...wire].toSorted((a, b) => a.atMs - b.atMs).slice(0, maxLines);
  }

  /**
   * Until nothing is under way between the learner's code and the stores.
   * @param patient false: what is under way now is waited for, but not what that leads to
   * @returns how long it is until the learner's next timer, ms, and whether it came to rest
   */
  async settle(mark = this.#mark, patient = true): Promise<{ nextMs: number; rested: boolean }> {
    const { record } = this.#space;
    const limit = record.now() + settleLimitMs;
    let quiet = 0;
    let upTo = Infinity;
    for (let looks = 1; ; looks++) {
      const before = record.mark();
      const nextMs = await this.#learners.ping();
      // What it sent before its answer may be read after it.
      await turn();
      if (!patient) upTo = Math.min(upTo, record.mark());
      const outstanding = !this.#space.isAnswered({ from: mark, upTo });
      // A reply that a process has just read leads to its next request only a moment later.
      quiet = record.mark() === before && !outstanding ? quiet + 1 : 0;
      const rested = quiet === 2;
      const isOver = looks >= leastLooks && record.now() > limit;
      if (rested || (!patient && !outstanding) || isOver) return { nextMs, rested };
      if (outstanding) await nextEvent(record);
    }
  }

  /**
   * Until a process has done what it does by itself when it starts: else that comes between what a check does. What
   * becomes of the process meanwhile is for the check to find.
   */
  async untilStarted(): Promise<void> {
    await this.settle().catch(() => {});
  }

  async #observe<T>(action: () => Promise<T>): Promise<Observation & { value: T }> {
    const mark = this.#space.record.mark();
    const value = await action();
    await this.settle(mark);
    return Object.assign(new Observation(this.#events(mark)), { value });
  }

  async #another(): Promise<AnotherProcess> {
    const who = `server ${++this.#servers}: `;
    const other = await this.#learners.another();
    await this.untilStarted();
    return {
      store: this.#calls.storeOf(() => other, who),
      finish: async () => await other.finish(),
      kill: async () => await other.kill(),
    };
  }

  async #passTime(ms: number): Promise<void> {
    await this.#calls.timePasses(`(${ms / 1000} s pass)`, async () => {
      await passTime(
        ms,
        this.#space,
        this.#learners,
        async (patient) => await this.settle(this.#mark, patient),
      );
    });
  }

  async #holdTime<T>(work: () => Promise<T>): Promise<T> {
    return await this.#learners.holdTime(async () => {
      const value = await work();
      await this.settle();
      return value;
    });
  }

  #events(mark: number): readonly WireEvent[] {
    const { record } = this.#space;
    try {
      return record.since(mark);
    } catch (error) {
      // Thousands of requests in one check: what is kept of them is enough to show the loop they come from.
      if (error instanceof RecordOverflow) return record.events;
      throw error;
    }
  }
}

/** Comes back at the next event, and after a while in any case: the weather may hold up what is waited for. */
async function nextEvent(record: WireRecord): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      off();
      clearTimeout(timer);
      resolve();
    };
    const off = record.on(done);
    const timer = setTimeout(done, lookAgainMs);
  });
}
