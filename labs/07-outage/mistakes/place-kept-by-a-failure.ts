import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The place is given back when the load is done.',
  caughtBy: 'hung-queries',
  named: 'gives-up-for-good',
  says: ['30 queries hang'],
  change: [
    [
      `    try {
      return await work();
    } finally {
      // Also when it failed: a place that is not given back is gone for good.
      const [next] = this.#line;
      if (next) next();
      else this.#atOnce--;
    }`,
      `    const value = await work();
    const [next] = this.#line;
    if (next) next();
    else this.#atOnce--;
    return value;`,
    ],
  ],
});
