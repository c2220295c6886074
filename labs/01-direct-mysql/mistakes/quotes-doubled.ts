import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Quotes are doubled by hand, as the SQL standard has it; MySQL also knows the backslash.',
  caughtBy: 'injection',
  named: 'concatenated-sql',
  says: ['OR 1=1'],
  change: [
    [
      'const [rows] = await pool.execute<RowDataPacket[]>(searchSql, searchParams(term, limit));',
      `searchParams(term, limit);
      const quoted = term.replaceAll("'", "''").replace(/[%_]/g, String.raw\`\\$&\`);
      const [rows] = await pool.query<RowDataPacket[]>(
        \`SELECT * FROM articles WHERE Sentence LIKE '%\${quoted}%' ORDER BY PublishedDate DESC, OBJECTID LIMIT \${limit}\`,
      );`,
    ],
  ],
});
