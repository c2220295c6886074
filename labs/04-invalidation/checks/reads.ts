import { CallFailed, orFailure } from '@workshop/lab-kit';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { Readers, WritableStore } from '../../contract.ts';
import { unlike } from '../../describe.ts';
import { articleById, literalMatches } from '../../expected.ts';

/** A read that any store can be asked for. */
export interface AnyRead {
  /** As a message names it: "byId(7)". */
  call: string;
  of(store: WritableStore): Promise<unknown>;
  /** What MySQL holds for it now. */
  wanted(mysql: Connection): Promise<unknown>;
}

export const search = (term: string, limit: number): AnyRead => ({
  call: `search('${term}', ${limit})`,
  of: async (store) => await store.search(term, limit),
  wanted: async (mysql) => await literalMatches(mysql, term, limit),
});

export const byId = (id: number): AnyRead => ({
  call: `byId(${id})`,
  of: async (store) => await store.byId(id),
  wanted: async (mysql) => await articleById(mysql, id),
});

export const readers = (id: number): AnyRead => ({
  call: `readers(${id})`,
  of: async (store) => await store.readers(id),
  wanted: async (mysql) => await readersById(mysql, id),
});

async function readersById(mysql: Connection, id: number): Promise<Readers | undefined> {
  const [[row]] = await mysql.query<RowDataPacket[]>(
    'SELECT Readers, LastReadAt FROM article_reads WHERE OBJECTID = ?',
    [id],
  );
  return row && { Readers: BigInt(row['Readers']), LastReadAt: row['LastReadAt'] as Date };
}

export async function readAll(store: WritableStore, reads: readonly AnyRead[]): Promise<void> {
  await Promise.all(reads.map(async (read) => await read.of(store)));
}

/** A read whose answer is not what MySQL holds, and how. */
export interface Wrong {
  read: AnyRead;
  /** "byId(7), in another process, returned a row whose Title is ..." */
  text: string;
}

/** Reads, and says which answers are not as MySQL has it now. */
export async function wrongReads(
  mysql: Connection,
  reads: readonly AnyRead[],
  here: WritableStore,
  other?: WritableStore,
): Promise<Wrong[]> {
  const texts = reads.flatMap((read) => {
    const wanted = read.wanted(mysql);
    const stores = other
      ? ([
          [here, ', in the same process,'],
          [other, ', in another process,'],
        ] as const)
      : ([[here, '']] as const);
    return stores.map(async ([store, where]) => {
      const text = await unlikeWanted(orFailure(read.of(store)), wanted);
      return text ? [{ read, text: `${read.call}${where} ${text}` }] : [];
    });
  });
  return (await Promise.all(texts)).flat();
}

/** "returned ..., expected ...", once both are there; undefined when they are alike. */
export async function unlikeWanted(
  answer: Promise<unknown>,
  wanted: Promise<unknown>,
): Promise<string | undefined> {
  const [got, expected] = await Promise.all([answer, wanted]);
  return got instanceof CallFailed ? `failed: ${got.remote.message}` : unlike(got, expected);
}
