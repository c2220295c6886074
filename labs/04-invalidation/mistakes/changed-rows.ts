import { mistake } from '../../mistake.ts';

export default mistake({
  story: '`changedRows` says whether there was anything to change.',
  caughtBy: 'written',
  named: 'changed-taken-for-found',
  says: ['again, with the same values'],
  change: [
    [
      [
        'const [{ affectedRows }] = await connection.execute<ResultSetHeader>(',
        '          `UPDATE articles',
      ].join('\n'),
      [
        'const [{ changedRows: affectedRows }] = await connection.execute<ResultSetHeader>(',
        '          `UPDATE articles',
      ].join('\n'),
    ],
  ],
});
