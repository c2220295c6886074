import type { CheckContext } from '@workshop/lab-kit';
import type { ArticleStore } from '../contract.ts';
import { articleById, literalMatches } from '../expected.ts';

/** A read of the store, and what it must return. */
export interface Read {
  /** As a message names it: "byId(7)". */
  call: string;
  read: () => Promise<unknown>;
  wanted: unknown;
}

/** A search and an article, and what MySQL holds for them now. */
export async function articleReads(
  { store, mysql }: Pick<CheckContext<ArticleStore>, 'store' | 'mysql'>,
  term: string,
  limit: number,
  id = 7,
): Promise<[search: Read, byId: Read]> {
  return [
    {
      call: `search('${term}', ${limit})`,
      read: async () => await store.search(term, limit),
      wanted: await literalMatches(mysql, term, limit),
    },
    {
      call: `byId(${id})`,
      read: async () => await store.byId(id),
      wanted: await articleById(mysql, id),
    },
  ];
}

/** What finds nothing, and costs a query to find out. */
export function emptyReads({ store }: Pick<CheckContext<ArticleStore>, 'store'>): [search: Read, byId: Read] {
  return [
    {
      call: "search('nothing contains this', 10)",
      read: async () => await store.search('nothing contains this', 10),
      wanted: [],
    },
    { call: 'byId(999999)', read: async () => await store.byId(999_999), wanted: undefined },
  ];
}
