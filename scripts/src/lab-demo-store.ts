import type {
  ArticleStore,
  DemoStoreOptions,
  MysqlFigures,
  PlanLine,
  Query,
  QueryResult,
  RedisFigures,
  Source,
} from '@workshop/web';
import { findLab } from './labs.ts';
import { createLearnerStore } from './learner-demo-store.ts';

/** The store that the demo's pages are on: the learner's of one lab, and another's when they move on. */
export class LabDemo implements ArticleStore {
  readonly #options: DemoStoreOptions;
  readonly #onUse: () => void;
  #lab: string;
  #current: ArticleStore;

  private constructor(options: DemoStoreOptions, onUse: () => void, lab: string, current: ArticleStore) {
    this.#options = options;
    this.#onUse = onUse;
    this.#lab = lab;
    this.#current = current;
  }

  static async open(lab: string, options: DemoStoreOptions, onUse: () => void): Promise<LabDemo> {
    return new LabDemo(options, onUse, lab, await createLearnerStore(await findLab(lab), options, onUse));
  }

  /** Moves on to a lab. Questions under way are answered by the one before, or fail. */
  async serve(lab: string): Promise<void> {
    if (lab === this.#lab) return;
    const next = await createLearnerStore(await findLab(lab), this.#options, this.#onUse);
    const before = this.#current;
    this.#lab = lab;
    this.#current = next;
    await before.close();
  }

  get name(): string {
    return this.#current.name ?? '';
  }

  async ask(source: Source, query: Query): Promise<QueryResult> {
    return await this.#current.ask(source, query);
  }

  async explain(query: Query): Promise<readonly PlanLine[]> {
    return await this.#current.explain(query);
  }

  /** Rejects where the store has none to ask. */
  async askRedis(...args: Parameters<NonNullable<ArticleStore['askRedis']>>): Promise<RedisFigures> {
    return await asked(this.#current.askRedis)(...args);
  }

  async askMysql(): Promise<MysqlFigures> {
    return await asked(this.#current.askMysql)();
  }

  async deleteCache(): Promise<number> {
    return await this.#current.deleteCache();
  }

  async check(): ReturnType<ArticleStore['check']> {
    return await this.#current.check();
  }

  async close(): Promise<void> {
    await this.#current.close();
  }
}

function asked<T>(ask: T | undefined): T {
  if (ask === undefined) throw new Error('This store is not watched.');
  return ask;
}
