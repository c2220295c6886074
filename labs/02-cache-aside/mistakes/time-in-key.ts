import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A time stamp in the key keeps entries fresh.',
  caughtBy: 'second-read',
  named: 'nothing-stored',
  says: ['0 found'],
  change: [
    [
      `\`articles:search:\${limit}:\${term}\``,
      `\`articles:search:\${limit}:\${term}:\${performance.now()}\``,
    ],
  ],
});
