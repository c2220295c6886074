import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A minute for everything: an answer is an answer.',
  caughtBy: 'lives',
  named: 'none-lives-long',
  says: ['found nothing', 'lives for'],
  change: [['(isNothing(value) ? nothingSeconds : foundSeconds)', 'foundSeconds']],
});
