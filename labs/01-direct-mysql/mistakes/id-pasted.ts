import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'An id is a number, so nothing can happen: its type says so.',
  caughtBy: 'by-id',
  named: 'concatenated-sql',
  says: ['999999 OR 1=1'],
  change: [
    [`  WHERE a.OBJECTID = ?\``, `  WHERE a.OBJECTID = \``],
    [
      'const [[row]] = await pool.execute<RowDataPacket[]>(byIdSql, [id]);',
      'const [[row]] = await pool.query<RowDataPacket[]>(`${byIdSql}${id}`);',
    ],
  ],
});
