import { createMysqlTap, WireRecord, type MysqlTap, type WireEvent } from '@workshop/wiretap';
import type { Lab } from './lab.ts';
import { openRedisSide, type RedisSide } from './redis-side.ts';
import { defaultLimits, type LearnerProcess } from './sandbox/learner-process.ts';
import { LearnerProcesses } from './sandbox/learner-processes.ts';
import { prepareProgram } from './sandbox/learner-program.ts';
import type { EngineUrls } from './space.ts';

export interface LiveStoreOptions {
  lab: Pick<Lab, 'redis' | 'redisOptions' | 'harness'>;
  /** The learner's file: `work/article-store.ts`. */
  entry: string;
  /** MySQL with the data that is to be read; Redis, of which a database is taken. */
  engines: EngineUrls;
}

/** A check's data is small; this is the real one, on a machine that may be doing other things. */
const limits = { ...defaultLimits, callMs: 20_000 };

/** What a call gave, and what reached the stores meanwhile. */
export interface LiveAnswer {
  value: unknown;
  tookMs: number;
  events: readonly WireEvent[];
}

/**
 * The learner's store at work on real data, behind the same wiretaps as when it is checked: in a process of its own,
 * which is a new one after each save.
 */
export class LiveStore {
  readonly #options: LiveStoreOptions;
  readonly #record: WireRecord;
  readonly #mysql: MysqlTap;
  readonly #redis: RedisSide;
  readonly #processes: LearnerProcesses;
  #opened: Promise<LearnerProcess> | undefined;

  private constructor(
    options: LiveStoreOptions,
    record: WireRecord,
    mysql: MysqlTap,
    redis: RedisSide,
    processes: LearnerProcesses,
  ) {
    this.#options = options;
    this.#record = record;
    this.#mysql = mysql;
    this.#redis = redis;
    this.#processes = processes;
  }

  static async open(options: LiveStoreOptions): Promise<LiveStore> {
    const record = new WireRecord();
    const { hostname: host, port } = new URL(options.engines.mysqlUrl);
    const processes = await LearnerProcesses.create(limits);
    const redis = await openRedisSide(options.engines.redisUrl, options.lab, record);
    try {
      const mysql = await createMysqlTap({ upstream: { host, port: Number(port || 3306) }, record });
      return new LiveStore(options, record, mysql, redis, processes);
    } catch (error) {
      await redis.release();
      throw error;
    }
  }

  /**
   * Calls a function of the store.
   * @throws the sandbox's errors: the file does not load, the call rejected, never ended, or ended the process
   */
  async call(method: string, args: readonly unknown[]): Promise<LiveAnswer> {
    const learner = await this.#learner();
    const mark = this.#record.mark();
    const startedAt = performance.now();
    const value = await learner.call(method, args);
    return { value, tookMs: performance.now() - startedAt, events: this.#record.since(mark) };
  }

  /** The files have changed: the next call meets the new ones. */
  async reload(): Promise<void> {
    const before = this.#opened;
    this.#opened = undefined;
    await (await before?.catch(() => undefined))?.kill();
  }

  /** Empties the learner's database of Redis. @returns how many keys that were */
  async deleteCache(): Promise<number> {
    const keys = await this.#redis.redis.dbsize();
    await this.#redis.redis.flushdb();
    return keys;
  }

  /** How long a key is kept yet, ms; undefined for one without an end, or that is not there. */
  async ttlMs(key: string): Promise<number | undefined> {
    const left = await this.#redis.redis.pttl(key);
    return left >= 0 ? left : undefined;
  }

  async close(): Promise<void> {
    await this.#processes.close();
    await Promise.allSettled([this.#mysql.close(), this.#redis.release()]);
  }

  async #learner(): Promise<LearnerProcess> {
    const current = this.#opened;
    const learner = await current?.catch(() => undefined);
    if (learner && !learner.ended) return learner;
    // Of several that find it gone, the first starts it.
    if (this.#opened === current) this.#opened = this.#start();
    return await (this.#opened ?? this.#start());
  }

  async #start(): Promise<LearnerProcess> {
    const { entry, lab, engines } = this.#options;
    const program = await prepareProgram(entry, lab.harness);
    const learner = this.#processes.take(program);
    const { url, harness } = program;
    const options = { mysqlUrl: this.#mysql.url(engines.mysqlUrl), redisUrl: this.#redis.learnerUrl };
    try {
      await learner.open({ url, ...(harness && { harness }), options, aheadMs: 0 });
      return learner;
    } catch (error) {
      await learner.kill();
      throw error;
    }
  }
}
