import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'An entry expires when it is no longer fresh: why keep it?',
  caughtBy: 'stale',
  named: 'no-stale-answers',
  says: ['80 s after'],
  change: [
    ['const lifeMs = lifeOf(value) + spareMs;', 'const lifeMs = lifeOf(value);'],
    ['remainingMs: ms - spareMs }', 'remainingMs: ms }'],
    ['import { isDue, lifeOf, spareMs } from', 'import { isDue, lifeOf } from'],
  ],
});
