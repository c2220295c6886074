import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'The cache is there: who misses, loads.',
  caughtBy: 'one-load',
  named: 'stampede',
  says: ['saw 50'],
  change: [
    [
      'return await flights.share(current, async () => await loadOnce(current, form, query));',
      'return await loadAndStore(current, form, query);',
    ],
    [
      `  /** Of all processes that miss a key, one loads it; the others wait until it is there. */
  async function loadOnce`,
      `  // oxlint-disable-next-line no-unused-vars
  async function loadOnce`,
    ],
  ],
});
