import type { Readers } from '../../contract.ts';
import { articleById, literalMatches } from '../../expected.ts';
import type { Read } from '../../shared/reads.ts';
import type { Context } from './lab-check.ts';

export interface TimedRead extends Read {
  /** Whether there is such a thing: that decides how long its entry lives. */
  kind: 'found' | 'none';
  /** What MySQL holds by now; `wanted` is what it held at first. */
  held: () => Promise<unknown>;
}

/** Beyond every id of the fixture. */
export const noSuchId = 999_999;
export const noSuchTerm = 'nothing contains this';

/** Those that lab 02 cached: a search and an article, there and not there. */
export async function olderReads({ store, mysql }: Context): Promise<TimedRead[]> {
  const search = (term: string) => ({
    call: `search('${term}', 10)`,
    read: async () => await store.search(term, 10),
    held: async () => await literalMatches(mysql, term, 10),
  });
  const byId = (id: number) => ({
    call: `byId(${id})`,
    read: async () => await store.byId(id),
    held: async () => await articleById(mysql, id),
  });
  return await withWanted([
    { kind: 'found', ...search('delta') },
    { kind: 'found', ...byId(7) },
    { kind: 'none', ...search(noSuchTerm) },
    { kind: 'none', ...byId(noSuchId) },
  ]);
}

/** Those of this lab: a record, there and not there. */
export async function recordReads(context: Context): Promise<TimedRead[]> {
  return [await recordRead(context, 7, 'found'), await recordRead(context, noSuchId, 'none')];
}

export async function recordRead(
  { store, mysql }: Context,
  id: number,
  kind: TimedRead['kind'],
): Promise<TimedRead> {
  const held = async () => await readersOf(mysql, id);
  return {
    call: `readers(${id})`,
    kind,
    read: async () => await store.readers(id),
    held,
    wanted: await held(),
  };
}

/** Those of both. */
export async function allReads(context: Context): Promise<TimedRead[]> {
  return [...(await olderReads(context)), ...(await recordReads(context))];
}

export async function readersOf(mysql: Context['mysql'], id: number): Promise<Readers | undefined> {
  const article = await articleById(mysql, id);
  return article && { Readers: article.Readers, LastReadAt: article.LastReadAt };
}

async function withWanted(reads: Omit<TimedRead, 'wanted'>[]): Promise<TimedRead[]> {
  return await Promise.all(reads.map(async (read) => ({ ...read, wanted: await read.held() })));
}
