import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A page without results is better than an error page.',
  caughtBy: 'waits',
  named: 'error-swallowed',
  says: ['returned something'],
  change: [
    [
      'return (await mysql.query(searchSql, params)) as ArticleRow[];',
      'return (await mysql.query(searchSql, params).catch(() => [])) as ArticleRow[];',
    ],
  ],
});
