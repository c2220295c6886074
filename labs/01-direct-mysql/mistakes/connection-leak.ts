import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The connection is released after the query, but not when the query fails.',
  caughtBy: 'errors',
  named: 'connection-leak',
  says: ['11 never returned', 'no connection was free'],
  change: [
    [
      'const [rows] = await pool.execute<RowDataPacket[]>(searchSql, searchParams(term, limit));',
      String.raw`const params = searchParams(term, limit);
      const connection = await pool.getConnection();
      const [rows] = await connection.execute<RowDataPacket[]>(searchSql, params);
      connection.release();`,
    ],
  ],
});
