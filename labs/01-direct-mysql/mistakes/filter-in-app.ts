import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'LIKE seems slow, so the table is fetched and filtered with includes().',
  caughtBy: 'in-mysql',
  named: 'work-in-the-app',
  says: ['over the network'],
  change: [
    [
      'const [rows] = await pool.execute<RowDataPacket[]>(searchSql, searchParams(term, limit));',
      String.raw`searchParams(term, limit);
      const [all] = await pool.query<RowDataPacket[]>('SELECT * FROM articles ORDER BY PublishedDate DESC, OBJECTID');
      const rows = all.filter((row) => row['Sentence'].toLowerCase().includes(term.toLowerCase())).slice(0, limit);`,
    ],
  ],
});
