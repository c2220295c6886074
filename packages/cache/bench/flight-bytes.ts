import type { Figure } from './support/figure.ts';
import { measureMemory } from './support/memory.ts';

/** Memory for each key whose load is under way, with its one caller's promise, in bytes. */
export default {
  id: 'flight-bytes',
  title: 'Bytes of memory for each key that is being loaded',
  target: { atMost: 24_576 },
  async measure({ redisUrl, log }) {
    const { flight } = await measureMemory('memory-of-flights', redisUrl);
    log(`${flight!.toFixed(0)} bytes a key`);
    return flight!;
  },
} satisfies Figure;
