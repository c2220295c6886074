import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The sooner it is loaded again, the newer is what people see.',
  caughtBy: 'refresh',
  named: 'refreshed-too-early',
  says: ['read 30 s after it was stored, was loaded again'],
  change: [['const lastPart = 0.2;', 'const lastPart = 2;']],
});
