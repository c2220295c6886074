import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Five failures: MySQL is down, somebody has to look after it.',
  caughtBy: 'hung-queries',
  named: 'gives-up-for-good',
  says: ['left alone'],
  change: [['if (performance.now() < this.#openUntil)', 'if (this.#openUntil > 0)']],
});
