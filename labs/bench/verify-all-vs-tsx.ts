import type { Figure } from './support/figure.ts';
import { overTsx, timeVerify } from './support/timing.ts';

const ROUNDS = 3;

/** From the start to the end of `pnpm lab:verify`, which checks all labs, one after the other. */
export default {
  id: 'verify-all-vs-tsx',
  title: 'Time of lab:verify for all labs, over that of tsx for an empty file',
  target: { atMost: 40 },
  measure: async () => await overTsx(ROUNDS, () => timeVerify()),
} satisfies Figure;
