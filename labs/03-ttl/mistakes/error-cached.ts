import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A query that fails finds nothing.',
  caughtBy: 'mysql-error',
  named: 'error-swallowed',
  says: ['returned undefined'],
  change: [
    [
      'const [[row]] = await pool.execute<RowDataPacket[]>(readersSql, [id]);',
      'const [[row]] = await pool.execute<RowDataPacket[]>(readersSql, [id]).catch(() => [[]]);',
    ],
  ],
});
