import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The next request goes ahead, and if it goes well, so does the one after it.',
  caughtBy: 'mysql-breaker',
  named: 'never-quite-closed',
  says: ['reads at once still fail'],
  change: [['      this.#failures = 0;\n', '']],
});
