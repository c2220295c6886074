import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'XREAD BLOCK is a command like any other.',
  caughtBy: 'news-waits',
  named: 'blocks-others',
  says: ['addPoints() was not answered'],
  change: [
    ['const reply = await own.xread(', 'const reply = await redis.xread('],
    [
      `    commandTimeout: 1_000,
`,
      `    commandTimeout: 10_000,
`,
    ],
  ],
});
