import type { ArticleRow } from '@workshop/dataset';
import type { MonitoredStore } from '../../contract.ts';
import { byId, readers, search, type AnyRead } from './reads.ts';

/** A write, and the reads that it makes old. */
export interface Write {
  call: string;
  of: (store: MonitoredStore, round: number) => Promise<unknown>;
  reads: readonly AnyRead[];
}

const newId = 900_000;

export function writesOf(articles: readonly ArticleRow[]): readonly Write[] {
  const [model] = articles;
  if (!model) throw new Error('the fixture is empty');
  return [
    {
      call: 'revise(7, { Title })',
      of: async (store, round) => await store.revise(7, { Title: `Title ${round}` }),
      reads: [byId(7)],
    },
    { call: 'countRead(12)', of: async (store) => await store.countRead(12), reads: [readers(12), byId(12)] },
    {
      call: 'revise(3, { Sentence, PublishedDate })',
      of: async (store, round) =>
        await store.revise(3, { Sentence: `the delta ${round}`, PublishedDate: '2999-01-01' }),
      reads: [search('the delta', 30), byId(3)],
    },
    {
      call: 'publish(...)',
      of: async (store, round) =>
        await store.publish({ ...model, OBJECTID: newId + round, Sentence: `Quite new ${round}` }),
      reads: [search('Quite new', 10), byId(newId + 1)],
    },
  ];
}
