import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The plan is known by now: it is a scan of the whole table.',
  caughtBy: 'plan',
  named: 'plan-made-up',
  says: ['no EXPLAIN'],
  change: [
    [
      `const [[plan]] = await pool.execute<RowDataPacket[]>(\`EXPLAIN \${searchSql}\`, searchParams(term, limit));`,
      String.raw`searchParams(term, limit);
      const plan = { type: 'ALL', key: null, rows: 573 } as Record<string, unknown> as RowDataPacket;`,
    ],
  ],
});
