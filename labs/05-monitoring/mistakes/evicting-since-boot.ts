import { mistake } from '../../mistake.ts';

export default mistake({
  story: 'evicted_keys is above 0: Redis evicts.',
  caughtBy: 'memory',
  named: 'never-clears',
  says: ['evicting fires'],
  change: [
    [
      'return (this.#samples.at(-1)?.evictedKeys ?? 0) - (this.#samples[0]?.evictedKeys ?? 0);',
      'return this.#samples.at(-1)?.evictedKeys ?? 0;',
    ],
  ],
});
