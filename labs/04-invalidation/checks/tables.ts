import { isDeepStrictEqual } from 'node:util';
import type { Connection, RowDataPacket } from 'mysql2/promise';

const names = ['articles', 'article_reads'] as const;

/** Both tables as they are at one moment. */
export interface Tables {
  /** "2 rows of articles changed (OBJECTID 7, 8)": what is not the same now; undefined when all is. */
  changes(): Promise<string | undefined>;
}

export async function tablesOf(mysql: Connection): Promise<Tables> {
  const sums = await checksums(mysql);
  const before = await Promise.all(names.map(async (name) => await rowsOf(mysql, name)));
  return {
    async changes() {
      if (isDeepStrictEqual(await checksums(mysql), sums)) return undefined;
      for (const [index, name] of names.entries()) {
        const [was, is] = [before[index] ?? new Map(), await rowsOf(mysql, name)];
        const ids = [...new Set([...was.keys(), ...is.keys()])];
        const changed = ids.filter((id) => !isDeepStrictEqual(was.get(id), is.get(id)));
        const rows = changed.length === 1 ? 'row' : 'rows';
        if (changed.length > 0)
          return `${changed.length} ${rows} of ${name} changed (OBJECTID ${changed.slice(0, 3).join(', ')})`;
      }
      return undefined;
    },
  };
}

async function checksums(mysql: Connection): Promise<RowDataPacket[]> {
  const [sums] = await mysql.query<RowDataPacket[]>(`CHECKSUM TABLE ${names.join(', ')}`);
  return sums;
}

async function rowsOf(mysql: Connection, table: string): Promise<Map<number, RowDataPacket>> {
  const [rows] = await mysql.query<RowDataPacket[]>(`SELECT * FROM ${table}`);
  return new Map(rows.map((row) => [Number(row['OBJECTID']), row]));
}
