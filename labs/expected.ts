import type { ArticleRow } from '@workshop/dataset';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { Article } from './contract.ts';

/** Terms with a meaning in SQL, in LIKE or in a string; each is in a sentence of the fixture, or in none. */
export const oddTerms = [
  "O'Brien",
  String.raw`\' OR 1=1 -- `,
  '"mild"',
  '100%',
  'place_id',
  String.raw`C:\data\delta`,
  "' OR '1'='1",
  "'; DROP TABLE articles; -- ",
  '%',
  '_',
  '\\',
  '?',
  'naïve, déjà vu, 日本, 🦠',
  'Two  spaces',
  'Bergen ',
  ' mild',
  '${term}',
];

/** What `search` must return, found another way: INSTR knows no wildcards. */
export async function literalMatches(mysql: Connection, term: string, limit: number): Promise<ArticleRow[]> {
  const [rows] = await mysql.query<RowDataPacket[]>(
    'SELECT * FROM articles WHERE INSTR(Sentence, ?) > 0 ORDER BY PublishedDate DESC, OBJECTID LIMIT ?',
    [term, limit],
  );
  return rows as ArticleRow[];
}

/** What `byId` must return. */
export async function articleById(mysql: Connection, id: number): Promise<Article | undefined> {
  const [[row]] = await mysql.query<RowDataPacket[]>(
    'SELECT a.*, r.Readers, r.LastReadAt FROM articles a JOIN article_reads r USING (OBJECTID) WHERE a.OBJECTID = ?',
    [id],
  );
  return row && ({ ...row, Readers: BigInt(row['Readers']) } as Article);
}
