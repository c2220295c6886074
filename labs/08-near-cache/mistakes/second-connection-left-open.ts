import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'close() closes the client of the cache.',
  caughtBy: 'close',
  named: 'never-closed',
  says: ['still runs'],
  change: [
    [
      `      near.close();
`,
      '',
    ],
  ],
});
