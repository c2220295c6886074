import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'Whoever reads the article next pays what is owed of it.',
  caughtBy: 'failover',
  named: 'stale-after-failover',
  says: ['in another process'],
  change: [
    [
      `    this.#retry ??= setInterval(() => void this.pay([...this.#owed.keys()]).catch(() => {}), retryMs).unref();
`,
      `    void retryMs;
`,
    ],
  ],
});
