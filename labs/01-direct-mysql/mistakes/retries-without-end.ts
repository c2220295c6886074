import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A query that fails is tried again until it works.',
  caughtBy: 'errors',
  named: 'retries-without-end',
  says: ['21 never returned', 'MySQL was asked'],
  change: [
    [
      'const [rows] = await pool.execute<RowDataPacket[]>(searchSql, searchParams(term, limit));',
      `const params = searchParams(term, limit);
      const ask = async (): Promise<RowDataPacket[]> => {
        try {
          return (await pool.execute<RowDataPacket[]>(searchSql, params))[0];
        } catch {
          await new Promise((resolve) => setTimeout(resolve, 20));
          return await ask();
        }
      };
      const rows = await ask();`,
    ],
  ],
});
