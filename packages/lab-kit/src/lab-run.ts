import type { ArticleRow } from '@workshop/dataset';
import { RecordOverflow, type WireEvent } from '@workshop/wiretap';
import type { CheckContext } from './check-context.ts';
import { fillFixture, fixtureArticles } from './fixture.ts';
import type { Check, Lab, LearnerStore, Shape } from './lab.ts';
import { Observation } from './observation.ts';
import { CallHung, ProcessEnded } from './sandbox/errors.ts';
import { describeCall, describeReply } from './sandbox/describe-call.ts';
import { LearnerProcess, type Limits } from './sandbox/learner-process.ts';
import { checkShape } from './shape.ts';
import { createSpace, type EngineUrls, type Space } from './space.ts';
import { transcriptLine, type TranscriptLine } from './transcript.ts';

/** How long a reply may be outstanding after the learner's call returned, ms. */
const settleLimitMs = 2_000;
/** Lines of transcript kept for one check; what a runaway loop sends beyond them teaches nothing. */
const maxLinesPerCheck = 200;

/** One run of a lab: a space, the learner's process in it, and the transcript. */
export class LabRun {
  readonly transcript: TranscriptLine[] = [];
  /** The last check lost the process: it ended, or it no longer answered. */
  lost = false;
  /** The file could not be loaded, so no check can say anything. */
  unusable = false;
  readonly #lab: Lab;
  readonly #space: Space;
  readonly #articles: readonly ArticleRow[];
  readonly #startProcess: () => LearnerProcess;
  #process: LearnerProcess | undefined;
  #calls: TranscriptLine[] = [];
  #clockAtStart = 0;
  #weatherUsed = false;
  #loaded = false;

  private constructor(
    lab: Lab,
    space: Space,
    articles: readonly ArticleRow[],
    startProcess: () => LearnerProcess,
  ) {
    this.#lab = lab;
    this.#space = space;
    this.#articles = articles;
    this.#startProcess = startProcess;
  }

  static async create(lab: Lab, engines: EngineUrls, entry: string, limits?: Limits): Promise<LabRun> {
    const space = await createSpace(engines, lab.privileges ?? 'SELECT');
    try {
      const articles = fixtureArticles();
      await fillFixture(space.adminUrl, space.mysql, articles);
      return new LabRun(lab, space, articles, () => new LearnerProcess(entry, limits));
    } catch (error) {
      await space.close();
      throw error;
    }
  }

  /** Ends the learner's process, so that a check that waits for it ends too. */
  async interrupt(): Promise<void> {
    await this.#process?.kill();
  }

  async close(): Promise<void> {
    await this.#process?.kill();
    await this.#space.close();
  }

  /** Runs one check on a cold cache in good weather. @returns what it observed */
  async check(check: Check): Promise<string> {
    const { record } = this.#space;
    this.lost = false;
    this.#weatherUsed = false;
    this.#calls = [];
    const mark = record.mark();
    this.#clockAtStart = record.now();
    let reusable = false;
    try {
      if (!this.#process || this.#process.ended) await this.#restart();
      await this.#coldCache();
      const observed = await check.run(this.#context());
      // After bad weather clients wait before they connect again; after a failure anything may be left behind.
      reusable = !this.#weatherUsed && !this.#process?.finished;
      return observed;
    } catch (error) {
      this.lost = error instanceof ProcessEnded || (error instanceof CallHung && error.blocked);
      throw error;
    } finally {
      this.#space.mysqlTap.weather.clear();
      this.#space.redisTap.weather.clear();
      this.#keepTranscript(check.id, mark);
      if (!reusable) await this.#process?.kill();
    }
  }

  #context(): CheckContext {
    const { mysqlTap, redisTap, mysql, redis } = this.#space;
    const useWeather = () => {
      this.#weatherUsed = true;
      return { mysql: mysqlTap.weather, redis: redisTap.weather };
    };
    return {
      store: this.#store(),
      mysql,
      redis,
      articles: this.#articles,
      get weather() {
        return useWeather();
      },
      connections: () => ({ mysql: mysqlTap.openConnections, redis: redisTap.openConnections }),
      coldCache: () => this.#coldCache(),
      restart: () => this.#restart(),
      finish: async () => await this.#learner().finish(),
      observe: async (action) => await this.#observe(action),
    };
  }

  /** Functions of the store become calls into the learner's process. */
  #store(): LearnerStore {
    return new Proxy({} as LearnerStore, {
      get: (_target, method) =>
        typeof method === 'symbol' || method === 'then'
          ? undefined
          : async (...args: unknown[]) => await this.#call(method, args),
    });
  }

  async #call(method: string, args: readonly unknown[]): Promise<unknown> {
    const { record } = this.#space;
    const startedAt = record.now();
    const line: TranscriptLine = {
      check: '',
      atMs: Math.round((startedAt - this.#clockAtStart) * 10) / 10,
      lane: 'call',
      request: describeCall(method, args),
    };
    this.#calls.push(line);
    try {
      const value = await this.#learner().call(method, args);
      line.reply = describeReply(value);
      const shapes: Record<string, Shape> = this.#lab.returns;
      checkShape(line.request, value, shapes[method] ?? 'anything');
      return value;
    } catch (error) {
      line.reply = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      line.tookMs = Math.round((record.now() - startedAt) * 10) / 10;
    }
  }

  async #observe<T>(action: () => Promise<T>): Promise<Observation & { value: T }> {
    const mark = this.#space.record.mark();
    const value = await action();
    await this.#settle(mark);
    return Object.assign(new Observation(this.#events(mark)), { value });
  }

  /** Writes that the learner's code did not wait for belong to the observation too. */
  async #settle(mark: number): Promise<void> {
    const limit = this.#space.record.now() + settleLimitMs;
    const outstanding = () =>
      this.#events(mark).some((event) => event.endedAt === undefined && event.kind !== 'connect');
    do {
      await this.#learner().ping();
      // In bad weather a reply may never come, and that is what is being observed.
    } while (outstanding() && !this.#weatherUsed && this.#space.record.now() < limit);
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

  async #restart(): Promise<void> {
    await this.#process?.kill();
    this.#process = this.#startProcess();
    try {
      await this.#process.open(this.#space.urls);
      this.#loaded = true;
    } catch (error) {
      this.unusable = !this.#loaded;
      throw error;
    }
  }

  async #coldCache(): Promise<void> {
    await this.#space.redis.flushdb();
  }

  #learner(): LearnerProcess {
    if (!this.#process)
      throw new Error('no process of the learner: a check used the store before it was opened');
    return this.#process;
  }

  #keepTranscript(check: string, mark: number): void {
    const wire = this.#events(mark).flatMap(
      (event) => transcriptLine(check, this.#clockAtStart, event) ?? [],
    );
    const lines = [...this.#calls.map((line) => ({ ...line, check })), ...wire].toSorted(
      (a, b) => a.atMs - b.atMs,
    );
    this.transcript.push(...lines.slice(0, maxLinesPerCheck));
  }
}
