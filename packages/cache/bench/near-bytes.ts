import type { Figure } from './support/figure.ts';
import { measureMemory } from './support/memory.ts';

/** Memory for each near-cache entry of 1 KB, over that for an entry of a Map of the same keys and decoded values. */
export default {
  id: 'near-bytes',
  title: 'Memory of a near-cache entry of 1 KB, over that of a Map entry',
  target: { atMost: 1.5 },
  async measure({ redisUrl, log }) {
    const { nearEntry, mapEntry } = await measureMemory('memory-of-near', redisUrl);
    log(`${nearEntry!.toFixed(0)} bytes an entry, ${mapEntry!.toFixed(0)} in a Map`);
    return nearEntry! / mapEntry!;
  },
} satisfies Figure;
