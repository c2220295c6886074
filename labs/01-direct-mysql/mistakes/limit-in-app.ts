import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The rows are sorted by MySQL, and the first few picked with slice().',
  caughtBy: 'in-mysql',
  named: 'work-in-the-app',
  says: ['brought', 'returned 6'],
  change: [
    ['ORDER BY PublishedDate DESC, OBJECTID LIMIT ?`', 'ORDER BY PublishedDate DESC, OBJECTID`'],
    [`return [\`%\${literal}%\`, limit]`, `return [\`%\${literal}%\`]`],
    ['return rows as ArticleRow[];', 'return (rows as ArticleRow[]).slice(0, limit);'],
  ],
});
