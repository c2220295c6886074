import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'REPLACE INTO also works when the article is there.',
  caughtBy: 'refused',
  named: 'error-swallowed',
  says: ['which there is already'],
  change: [
    ['`INSERT INTO articles (', '`REPLACE INTO articles ('],
    [`'INSERT INTO article_reads (`, `'REPLACE INTO article_reads (`],
  ],
});
