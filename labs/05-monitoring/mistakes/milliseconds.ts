import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'performance.now() gives milliseconds.',
  caughtBy: 'times',
  named: 'times-lost',
  says: ['above 1 s'],
  change: [
    [
      'tell((performance.now() - startedAt) / 1_000, failed);',
      'tell(performance.now() - startedAt, failed);',
    ],
  ],
});
