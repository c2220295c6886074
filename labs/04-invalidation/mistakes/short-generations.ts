import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'A generation expires soon, so that nothing is left behind.',
  caughtBy: 'expiry',
  named: 'expiry-too-short',
  says: ['gone already'],
  change: [['const generationSeconds = 86_400;', 'const generationSeconds = 20;']],
});
