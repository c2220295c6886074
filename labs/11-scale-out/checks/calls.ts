import type { ArticleRow } from '@workshop/dataset';
import { byId, readers, search, type HotRead } from '../../shared/hot-reads.ts';
import type { MonitoredStore } from '../../contract.ts';

export interface Write {
  call: string;
  of(store: MonitoredStore): Promise<unknown>;
}

export const terms = ['delta', 'virus', 'health', 'mild'];

/** Of these articles all that can be read, and searches that find some. */
export function readsOf(ids: readonly number[]): HotRead[] {
  return [...ids.flatMap((id) => [byId(id), readers(id)]), ...terms.map((term) => search(term, 20))];
}

export const revise = (id: number, Title: string): Write => ({
  call: `revise(${id}, { Title })`,
  of: async (store) => await store.revise(id, { Title }),
});

export const countRead = (id: number): Write => ({
  call: `countRead(${id})`,
  of: async (store) => await store.countRead(id),
});

export const publish = (article: ArticleRow): Write => ({
  call: `publish({ OBJECTID: ${article.OBJECTID}, ... })`,
  of: async (store) => await store.publish(article),
});
