import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Two statements, one after the other.',
  caughtBy: 'refused',
  named: 'half-written',
  says: ['1 row of articles changed'],
  change: [
    ['await connection.beginTransaction();', ''],
    ['await connection.commit();', ''],
    ['await connection.rollback().catch(() => connection.destroy());', ''],
  ],
});
