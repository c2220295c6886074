import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'An empty list looks better on the page than an error.',
  caughtBy: 'errors',
  named: 'error-swallowed',
  says: ['MySQL refused 21 times', '21 calls returned'],
  change: [
    [
      'const [rows] = await pool.execute<RowDataPacket[]>(searchSql, searchParams(term, limit));',
      String.raw`const [rows] = await pool
        .execute<RowDataPacket[]>(searchSql, searchParams(term, limit))
        .catch((error: Error) => {
          if (error instanceof RangeError) throw error;
          return [[]];
        });`,
    ],
  ],
});
