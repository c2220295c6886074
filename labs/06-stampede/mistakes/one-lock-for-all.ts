import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'One lock: `articles:lock`.',
  caughtBy: 'side-by-side',
  named: 'one-lock-for-all',
  says: ['was not answered within 2 s'],
  change: [['const key = `${name}:lock`;', 'const key = `articles:lock:${name.length * 0}`;']],
});
