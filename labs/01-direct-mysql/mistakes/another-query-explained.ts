import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Only WHERE decides how MySQL searches, so the rest is left away.',
  caughtBy: 'plan',
  named: 'another-query-explained',
  says: ['another query'],
  change: [
    [
      'await pool.execute<RowDataPacket[]>(`EXPLAIN ${searchSql}`, searchParams(term, limit));',
      'await pool.execute<RowDataPacket[]>(\n        `EXPLAIN SELECT * FROM articles WHERE Sentence LIKE ?`,\n        searchParams(term, limit).slice(0, 1),\n      );',
    ],
  ],
});
