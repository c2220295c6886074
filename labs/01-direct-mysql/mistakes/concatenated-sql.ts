import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A template string is the shortest way to get the term into the statement.',
  caughtBy: 'injection',
  named: 'concatenated-sql',
  says: ["O'Brien", 'failed'],
  change: [
    [
      'const [rows] = await pool.execute<RowDataPacket[]>(searchSql, searchParams(term, limit));',
      `searchParams(term, limit);
      const [rows] = await pool.query<RowDataPacket[]>(
        \`SELECT * FROM articles WHERE Sentence LIKE '%\${term}%' ORDER BY PublishedDate DESC, OBJECTID LIMIT \${limit}\`,
      );`,
    ],
  ],
});
