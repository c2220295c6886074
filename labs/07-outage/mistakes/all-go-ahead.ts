import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'When the two seconds are over, the breaker lets requests through and sees whether they go well.',
  caughtBy: 'mysql-breaker',
  named: 'retry-storm',
  says: ['55 reads sent'],
  change: [
    [
      `    // While the one that goes ahead is on its way, the others still wait outside.
    if (this.#failures >= mostFailures) this.#openUntil = performance.now() + openMs;
`,
      '',
    ],
  ],
});
