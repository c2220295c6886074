import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Readers are read, raised by one and written back.',
  caughtBy: 'written',
  named: 'lost-update',
  says: ['20 times countRead(7) at once'],
  change: [
    [
      `'UPDATE article_reads SET Readers = Readers + 1, LastReadAt = ? WHERE OBJECTID = ?',
          [new Date(), id],`,
      `'UPDATE article_reads SET Readers = ?, LastReadAt = ? WHERE OBJECTID = ?',
          [String(before + 1n), new Date(), id],`,
    ],
    [
      `      // No search shows readers, so the lists stay.
`,
      `      const [rows] = await pool.query<RowDataPacket[]>('SELECT Readers FROM article_reads WHERE OBJECTID = ?', [id]);
      const before = BigInt(rows[0]?.['Readers'] ?? 0);
`,
    ],
    [
      'import type { Pool, PoolConnection, ResultSetHeader }',
      'import type { Pool, PoolConnection, ResultSetHeader, RowDataPacket }',
    ],
  ],
});
