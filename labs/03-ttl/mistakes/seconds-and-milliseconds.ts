import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'PX or EX, it is an expiry.',
  caughtBy: 'lives',
  named: 'life-too-long',
  says: ['delta'],
  change: [["encode(value), 'PX', lifeMs", "encode(value), 'EX', lifeMs"]],
});
