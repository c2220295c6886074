import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A message without keys says nothing.',
  caughtBy: 'flushed',
  named: 'flush-unheard',
  says: ['Redis was emptied'],
  change: [
    [
      `
    else listener.turned(true);`,
      '',
    ],
  ],
});
