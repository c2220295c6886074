import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The client is closed.',
  caughtBy: 'close',
  named: 'never-closed',
  says: ['still runs'],
  change: [
    [
      `      replicas.disconnect();
`,
      '',
    ],
  ],
});
