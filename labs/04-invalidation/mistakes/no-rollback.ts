import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The transaction was not committed, so nothing has happened.',
  caughtBy: 'refused',
  named: 'transaction-left-open',
  says: ['still holds rows of articles'],
  change: [['await connection.rollback().catch(() => connection.destroy());', '']],
});
