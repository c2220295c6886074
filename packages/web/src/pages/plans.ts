import { LRUCache } from 'lru-cache';
import type { ArticleStore } from '../store/article-store.ts';
import { planView, type PlanView } from '../store/plan.ts';
import type { Query } from '../queries/query.ts';

/**
 * The plans that were seen lately, by the address of the query: a hit shows the plan of what it saved, without asking MySQL for it.
 */
export class Plans {
  readonly #store: ArticleStore;
  readonly #kept = new LRUCache<string, readonly PlanView[]>({ max: 1_000 });

  constructor(store: ArticleStore) {
    this.#store = store;
  }

  /** Undefined where none was seen. */
  kept(query: Query): readonly PlanView[] | undefined {
    return this.#kept.get(query.address);
  }

  /** Undefined where MySQL does not say: a page does without. */
  async of(query: Query): Promise<readonly PlanView[] | undefined> {
    const kept = this.kept(query);
    if (kept !== undefined) return kept;
    try {
      const plan = planView(await this.#store.explain(query));
      this.#kept.set(query.address, plan);
      return plan;
    } catch {
      return undefined;
    }
  }
}
