import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'close() is for later.',
  caughtBy: 'close',
  named: 'never-closed',
  says: ['still runs'],
  change: [['await pool.end();', 'void pool;']],
});
