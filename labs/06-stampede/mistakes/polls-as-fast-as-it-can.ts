import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The entry will be there any moment: looking again at once is quickest.',
  caughtBy: 'waiters',
  named: 'polls-without-pause',
  says: ['commands'],
  change: [['await setTimeout(pauseMs * (0.5 + Math.random()));', 'await setTimeout(1);']],
});
