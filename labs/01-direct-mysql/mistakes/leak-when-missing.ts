import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Nothing found: return at once.',
  caughtBy: 'pool',
  named: 'connection-leak',
  says: ['never returned'],
  change: [
    [
      'const [[row]] = await pool.execute<RowDataPacket[]>(byIdSql, [id]);',
      `const connection = await pool.getConnection();
      const [[row]] = await connection.execute<RowDataPacket[]>(byIdSql, [id]);
      if (!row) return undefined;
      connection.release();`,
    ],
  ],
});
