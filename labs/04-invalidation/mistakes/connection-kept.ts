import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The connection is released when the write is done.',
  caughtBy: 'refused',
  named: 'connection-kept',
  says: ['rejected 10 times', 'did not return within 5 s'],
  change: [
    [
      `      await connection.commit();
`,
      `      await connection.commit();
      connection.release();
`,
    ],
    [
      `    } finally {
      connection.release();`,
      '    } finally {',
    ],
  ],
});
