import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'MySQL will say so itself if the limit makes no sense.',
  caughtBy: 'limit',
  named: 'limit-not-checked',
  says: ['reached MySQL'],
  change: [['if (!Number.isInteger(limit) || limit < 1 || limit > mostRows) {', 'if (limit > mostRows) {']],
});
