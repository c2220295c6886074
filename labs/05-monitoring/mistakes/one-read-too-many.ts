import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'More than twenty reads, says the rule, as it was remembered.',
  caughtBy: 'hit-ratio-low',
  named: 'never-fires',
  says: ['20 reads, 0 hits'],
  change: [['recent.reads >= leastReads', 'recent.reads > leastReads']],
});
