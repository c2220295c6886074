import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The rows MySQL happens to send first are sorted in JavaScript.',
  caughtBy: 'answers',
  named: 'wrong-order',
  says: ['OBJECTID'],
  change: [
    [
      `
  ORDER BY PublishedDate DESC, OBJECTID LIMIT ?\``,
      ' LIMIT ?`',
    ],
    [
      'return rows as ArticleRow[];',
      String.raw`return (rows as ArticleRow[]).toSorted(
        (a, b) => b.PublishedDate.localeCompare(a.PublishedDate) || a.OBJECTID - b.OBJECTID,
      );`,
    ],
  ],
});
