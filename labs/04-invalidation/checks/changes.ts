import type { ArticleRow } from '@workshop/dataset';
import type { WritableStore } from '../../contract.ts';
import { byId, readers, search, type AnyRead } from './reads.ts';

/** A write, and reads whose answers it changes. */
export interface Change {
  /** As a message names it. */
  call: string;
  write(store: WritableStore): Promise<unknown>;
  reads: readonly AnyRead[];
}

/** No article has these numbers. */
const firstNewId = 9_000;

/** @param round a number; each makes another revision */
export function revision(round: number): Change {
  return {
    call: 'revise(7, { Title, Sentence })',
    write: async (store) =>
      await store.revise(7, { Title: `Title ${round}`, Sentence: `Revised sentence ${round}.` }),
    reads: [byId(7), search('Revised sentence', 10)],
  };
}

export const count: Change = {
  call: 'countRead(7)',
  write: async (store) => await store.countRead(7),
  reads: [readers(7), byId(7)],
};

/** @param round a number; each is another article */
export function publication(articles: readonly ArticleRow[], round: number): Change {
  const article = newArticle(articles, round);
  return {
    call: `publish({ OBJECTID: ${article.OBJECTID}, ... })`,
    write: async (store) => await store.publish(article),
    reads: [byId(article.OBJECTID), readers(article.OBJECTID), search('Published sentence', 10)],
  };
}

export function newArticle([model]: readonly ArticleRow[], round: number): ArticleRow {
  if (!model) throw new Error('the fixture has no articles');
  const Sentence = `Published sentence ${round}.`;
  return { ...model, OBJECTID: firstNewId + round, Sentence, PublishedDate: '2026-02-03' };
}

/** One of each. */
export function everyChange(articles: readonly ArticleRow[], round: number): Change[] {
  return [revision(round), count, publication(articles, round)];
}
