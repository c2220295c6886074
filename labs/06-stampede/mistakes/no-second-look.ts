import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'With the lock comes the right to load, so it loads.',
  caughtBy: 'second-look',
  named: 'loads-what-is-there',
  says: ['expected 1 SELECT, saw 2'],
  change: [['if (found) return found.value;', 'if (found && !lock) return found.value;']],
});
