import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A connection is opened where it is needed and closed when the query is done.',
  caughtBy: 'pool',
  named: 'connection-per-request',
  says: ['36 new connections for 72 calls in a row'],
  change: [
    [
      'import { createPool, type RowDataPacket }',
      'import { createConnection, createPool, type RowDataPacket }',
    ],
    [
      'const [rows] = await pool.execute<RowDataPacket[]>(searchSql, searchParams(term, limit));',
      String.raw`const connection = await createConnection(mysqlUrl);
      try {
        const [rows] = await connection.execute<RowDataPacket[]>(searchSql, searchParams(term, limit));
        return rows as ArticleRow[];
      } finally {
        await connection.end();
      }`,
    ],
    [
      String.raw`
      return rows as ArticleRow[];`,
      '',
    ],
  ],
});
