import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The caller has given up; the connection goes back to the pool as always.',
  caughtBy: 'hung-queries',
  named: 'gives-up-for-good',
  says: ['30 queries hang'],
  change: [
    [
      `      if (tooLate.aborted) connection.destroy();
      else connection.release();`,
      '      connection.release();',
    ],
  ],
});
