import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'First the ids, then each article by its id.',
  caughtBy: 'in-mysql',
  named: 'query-per-row',
  says: ['7 SELECTs'],
  change: [
    [
      'return rows as ArticleRow[];',
      String.raw`const articles: ArticleRow[] = [];
      for (const { OBJECTID } of rows) {
        const [[row]] = await pool.execute<RowDataPacket[]>('SELECT * FROM articles WHERE OBJECTID = ?', [OBJECTID]);
        articles.push(row as ArticleRow);
      }
      return articles;`,
    ],
  ],
});
