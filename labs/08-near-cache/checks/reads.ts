import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { MonitoredStore } from '../../contract.ts';
import { articleById, literalMatches } from '../../expected.ts';

/** A read that any process can be asked for. */
export interface AnyRead {
  /** As a message names it: "byId(7)". */
  call: string;
  of(store: MonitoredStore): Promise<unknown>;
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
  async wanted(mysql) {
    const [[row]] = await mysql.query<RowDataPacket[]>(
      'SELECT Readers, LastReadAt FROM article_reads WHERE OBJECTID = ?',
      [id],
    );
    return row && { Readers: BigInt(row['Readers']), LastReadAt: row['LastReadAt'] as Date };
  },
});
